"""Arabic: meeting, asking for a course, watching it being made. Nouns rather than imperatives, which have a gender."""

from __future__ import annotations

from handlers.texts import Text

ASKING: dict[str, Text] = {
    # Small pieces
    "words.minutes": "{minutes} د",
    "words.hours": "{hours} س",
    "words.hours_minutes": "{hours} س {minutes} د",
    "words.seconds": "{seconds} ث",
    "words.percent": "{percent}%",
    "words.quarter_hour": "ربع ساعة",
    "words.operator": "فريق هذا البوت",
    "words.picture": {
        "zero": "بلا دروس · {time}",
        "one": "درس واحد · {time}",
        "two": "درسان · {time}",
        "few": "{n} دروس · {time}",
        "many": "{n} درسًا · {time}",
        "other": "{n} درس · {time}",
    },
    "words.you": "وأهلًا",
    # Keys
    "key.what_to_ask": "ما الذي يمكن طلبه؟",
    "key.example": "عرض مثال",
    "key.new_request": "طلب دورة",
    "key.continue": "▶ متابعة: {title}",
    "key.back": "➡ رجوع",
    "key.cancel": "✖ إلغاء",
    "key.level.beginner": "لا شيء بعد",
    "key.level.intermediate": "بعض الشيء",
    "key.level.advanced": "الكثير",
    "key.other": "غير ذلك",
    "key.approve": "✅ إنشاء هذه الدورة",
    "key.change": "✏️ تغيير شيء",
    "key.change_title": "✏️ العنوان",
    "key.field.title": "العنوان",
    "key.field.description": "الوصف",
    "key.field.objectives": "ما سأتمكّن منه",
    "key.field.level": "المستوى",
    "key.field.time": "الوقت",
    "key.use_this": "استعمال هذا",
    "key.write_another": "سأكتب غيره",
    "key.try_again": "↻ محاولة أخرى",
    "key.you_choose": "الاختيار لك",
    "key.remind": "تذكيري حينها",
    "key.start_lesson": "▶ بدء الدرس {n} الآن",
    "key.stop": "✖ إيقاف",
    "key.start": "▶ بدء",
    "key.retry_lesson": "↻ إعادة محاولة الدرس {n}",
    "key.keep": "احتفاظ",
    "key.go_on": "متابعة",
    "key.discard": "تخلٍّ",
    "key.open_chat": "فتح المحادثة",
    # Meeting
    "welcome.hello": (
        "<b>مرحبًا {name}.</b> أُعدّ دورات قصيرة وأدرّسها هنا، بضع دقائق في كل مرة.\n\n"
        "للبدء: رسالة بما تريد تعلّمه، أو وثيقة نتعلّم منها."
    ),
    "welcome.again": ("<b>مرحبًا {name}.</b> دورتك حيث توقّفت.\n\nلدورة أخرى: رسالة بما تريد تعلّمه، أو وثيقة."),
    "what.online": (
        "كل ما يمكن تعلّمه بالقراءة والتفكير، وبأي صياغة تخطر على البال:\n\n"
        "– <i>كيف تعمل خميرة العجين</i>\n"
        "– <i>متى تُستعمل C++ ومتى تُستعمل C#</i>\n"
        "– <i>ما يكفي من الإحصاء لقراءة دراسة طبية</i>\n\n"
        "أو وثيقة حتى 20 ميغابايت من نوع PDF أو Word أو Markdown أو نص؛ عندها تلتزم الدورة بها وتقتبس منها."
    ),
    "what.offline": (
        "أعمل هنا انطلاقًا من نص، ولا أختلق شيئًا. يمكن إرسال نص للتعلّم منه: PDF أو Word أو Markdown أو نص عادي، "
        "حتى 20 ميغابايت. عناوينه تصير دروسًا.\n\nأو البدء بأحد النصوص التي معي:"
    ),
    "examples": "معي ثلاثة نصوص. باختيار أحدها أصنع منه دورة أمام عينيك.",
    "help": (
        "<b>ما أستطيع فعله</b>\n"
        "/learn – طلب دورة، مثل <i>/learn كيف يحدث المد والجزر</i>\n"
        "/continue – متابعة دورتك\n"
        "/courses – دوراتك\n"
        "/progress – إلى أين وصلت\n"
        "/quality – ما وجدته في إحدى دوراتك\n"
        "/settings – اللغة والمنطقة الزمنية\n"
        "/login – رمز للدخول إلى الموقع\n"
        "/cancel – ترك ما نحن فيه\n\n"
        "والوثيقة المرسلة إليّ تصير دورة أيضًا: PDF أو Word أو Markdown أو نص."
    ),
    "help.support": "هل من مشكلة؟ {support}",
    "command.learn": "طلب دورة",
    "command.continue": "متابعة القراءة",
    "command.courses": "دوراتك",
    "command.progress": "إلى أين وصلت",
    "command.quality": "ما مدى جودة دورتك",
    "command.settings": "اللغة والمنطقة الزمنية",
    "command.login": "رمز للدخول إلى الموقع",
    "command.help": "ما أستطيع فعله",
    "command.cancel": "ترك ما نحن فيه",
    "small_talk": "يسعدني تواصلك. ما الذي تريد تعلّمه؟ تكفي بضع كلمات.",
    "unreadable": "أقرأ PDF وWord وMarkdown والنصوص. يمكن إرسال أحدها، أو كتابة ما تريد تعلّمه.",
    "unreadable.dialogue": "أقرأ PDF وWord وMarkdown والنصوص. أما الآن:",
    "unknown_command": "لا أعرف هذا الأمر. الأوامر التي أعرفها في /help.",
    "cancelled": "أُلغي الأمر. لم يُنشأ شيء، ولم يضع شيء.",
    "cancel.nothing": "لا شيء لإلغائه.",
    "not_admitted": "أدرّس هنا مجموعة مغلقة، ولست فيها بعد. الدعوة من {operator}، ورابطها يفتح لك الباب.",
    "not_admitted.toast": "أدرّس هنا مجموعة مغلقة. دعوة من {operator} تفتح لك الباب.",
    "blocked": "تعلّمك هنا متوقّف مؤقتًا بقرار من {operator}. كل ما لك محفوظ، والتفاصيل هناك.",
    "login.code": {
        "zero": "رمز دخولك: <code>{code}</code>\n\nيعمل مرة واحدة. يُرجى ألا يراه أحد.",
        "one": "رمز دخولك: <code>{code}</code>\n\nيعمل مرة واحدة، لدقيقة واحدة. يُرجى ألا يراه أحد.",
        "two": "رمز دخولك: <code>{code}</code>\n\nيعمل مرة واحدة، لدقيقتين. يُرجى ألا يراه أحد.",
        "few": "رمز دخولك: <code>{code}</code>\n\nيعمل مرة واحدة، لمدة {n} دقائق. يُرجى ألا يراه أحد.",
        "many": "رمز دخولك: <code>{code}</code>\n\nيعمل مرة واحدة، لمدة {n} دقيقة. يُرجى ألا يراه أحد.",
        "other": "رمز دخولك: <code>{code}</code>\n\nيعمل مرة واحدة، لمدة {n} دقيقة. يُرجى ألا يراه أحد.",
    },
    "group": "أدرّس على انفراد، حيث تقدّمك لك وحدك.",
    "stale": "تلك الشاشة قديمة. هذا مكانك الآن:",
    "stale.request": "ذلك الطلب قيد التنفيذ، أو تُرك.",
    # Asking for a course
    "request.about": "<b>{topic}</b>",
    "request.topic": "ما الذي تريد تعلّمه؟ تكفي بضع كلمات، وتصلح وثيقة أيضًا.",
    "request.needs_source": (
        "أعمل هنا انطلاقًا من نص، ولا أختلق شيئًا. يمكن إرسال وثيقة – PDF أو Word أو Markdown أو نص – "
        "أو أخذ أحد النصوص التي معي:"
    ),
    "request.needs_source.topic": (
        "<b>{topic}</b>\nلهذا أحتاج إلى نص، لأني لا أختلق شيئًا: وثيقة (PDF أو Word أو Markdown أو نص). "
        "وبمفتاح لـ Claude تكفي بضع كلمات.\n\n"
        "أو أخذ أحد النصوص التي معي:"
    ),
    "request.level": "ما مقدار معرفتك الآن؟",
    "request.time": "كم لديك من الوقت؟",
    "request.time_other": "كم لديك من الوقت؟ بالصيغة المعتادة: 90، أو 1.5 ساعة، أو 3 ساعات.",
    "request.proposing": "أفكّر في الأمر…",
    "request.proposing.wait": "لحظة، ما زلت أفكّر.",
    "request.clarify": "{question}",
    "request.level.again": "واحد من هذه الثلاثة يدلّني من أين نبدأ.",
    "request.time.again": "لم أجد في ذلك وقتًا.",
    "request.time.range": "مدة الدورة بين {low} و{high}؛ أما {found} فخارج ذلك.",
    "request.faults": "{faults}",
    "request.tap": "القرار بأحد الأزرار.",
    "request.topic.document": "ستعتمد الدورة على <b>{title}</b>.",
    "card.full": "<b>{title}</b>\n<i>{description}</i>\nالمستوى: {level} · نحو {time}",
    "card.enough": "يكفي النص لنحو {time}، فالدروس أقل: لا أختلق شيئًا.",
    "card.able": "ستتمكّن من",
    "card.goal": "{n} {goal}",
    "card.offline": (
        "<b>{title}</b>\n{lessons} · {sections} · نحو {time}\n\n"
        "صُنعت دون ذكاء اصطناعي من <i>{source}</i>: بكلماته هو، في دروس، ومع كلٍّ موضعه في النص."
    ),
    "card.making": {
        "zero": "إنشاؤها يستغرق لحظة.",
        "one": "إنشاؤها يستغرق نحو دقيقة.",
        "two": "إنشاؤها يستغرق نحو دقيقتين.",
        "few": "إنشاؤها يستغرق نحو {n} دقائق.",
        "many": "إنشاؤها يستغرق نحو {n} دقيقة.",
        "other": "إنشاؤها يستغرق نحو {n} دقيقة.",
    },
    "card.making.moment": "إنشاؤها يستغرق لحظة.",
    "card.faults": "قبل إنشائها:",
    "edit.what": "<b>{title}</b>\nما الذي نغيّره؟",
    "edit.title": "ما العنوان الجديد؟ العنوان الآن\n<code>{now}</code>",
    "edit.description": "عمّ تتحدث الدورة، في جملة أو جملتين؟ الوصف الآن\n<code>{now}</code>",
    "edit.objectives": (
        "ما الذي ستتمكّن منه؟ المطلوب قائمة، هدف في كل سطر، من ثلاثة إلى عشرة. القائمة الآن\n<code>{now}</code>"
    ),
    "edit.how_about": "ما رأيك في\n<b>{suggestion}</b>",
    "edit.title.too_short": "«{typed}» قصير قليلًا على عنوان.",
    "edit.title.too_long": "هذا طويل قليلًا على عنوان.",
    "edit.description.too_short": "هذا قصير قليلًا على وصف.",
    "edit.description.too_long": "هذا طويل قليلًا على وصف.",
    "edit.objectives.unfit": "بعضها لا يصلح كما هو.",
    "suggest.title": "{title}: دورة قصيرة",
    "suggest.title.beginner": "{title} للمبتدئين",
    "suggest.title.intermediate": "{title}: أبعد من الأساسيات",
    "suggest.title.advanced": "{title} بعمق",
    "suggest.description": "في النهاية ستتمكّن من {goal}.",
    "approved": "بدأ العمل.",
    # Limits
    "limit": "كان ذلك كثيرًا دفعة واحدة. يمكن المتابعة الساعة {time}.",
    "limit.progress": "كان ذلك كثيرًا خلال {window}. لم يضع شيء: يمكن لمس ✅ مجددًا الساعة {time}.",
    "limit.generations": {
        "zero": "بلغ عدد الدورات حدّه خلال {window}. يمكن بدء التالية الساعة {time}.",
        "one": "أُنشئت لك دورة واحدة خلال {window}، وهذا هو الحدّ. يمكن بدء التالية الساعة {time}.",
        "two": "أُنشئت لك دورتان خلال {window}، وهذا هو الحدّ. يمكن بدء التالية الساعة {time}.",
        "few": "أُنشئت لك {n} دورات خلال {window}، وهذا هو الحدّ. يمكن بدء التالية الساعة {time}.",
        "many": "أُنشئت لك {n} دورة خلال {window}، وهذا هو الحدّ. يمكن بدء التالية الساعة {time}.",
        "other": "أُنشئت لك {n} دورة خلال {window}، وهذا هو الحدّ. يمكن بدء التالية الساعة {time}.",
    },
    "limit.kept": "طلبك محفوظ عندي.",
    "limit.will_remind": "سأعيد إليك طلبك الساعة {time}.",
    "limit.over": "يمكن الآن إنشاء الدورة التالية. هذا طلبك:",
    # Being made
    "status.title": "<b>{title}</b>",
    "status.elapsed": "مضى {time}",
    "status.remaining": "بقي نحو {time}",
    "status.planning": "⏳ الخطة",
    "status.outlined": {
        "zero": "⏳ الخطة · بلا دروس",
        "one": "⏳ الخطة · درس واحد",
        "two": "⏳ الخطة · درسان",
        "few": "⏳ الخطة · {n} دروس",
        "many": "⏳ الخطة · {n} درسًا",
        "other": "⏳ الخطة · {n} درس",
    },
    "status.planned": {
        "zero": "✅ الخطة · بلا دروس",
        "one": "✅ الخطة · درس واحد",
        "two": "✅ الخطة · درسان",
        "few": "✅ الخطة · {n} دروس",
        "many": "✅ الخطة · {n} درسًا",
        "other": "✅ الخطة · {n} درس",
    },
    "status.picture.drawing": "⏳ الصورة",
    "status.picture.ready": "✅ الصورة",
    "status.ready": "<b>دورتك جاهزة</b> · {lessons} · {sections} · {time}\n{title}",
    "status.ready_while_away": "دورتك <b>{title}</b> جاهزة.",
    "status.lessons_failed": {
        "zero": "تعذّرت كتابة الدروس {numbers}: {because}.",
        "one": "تعذّرت كتابة الدرس {numbers}: {because}.",
        "two": "تعذّرت كتابة الدرسين {numbers}: {because}.",
        "few": "تعذّرت كتابة الدروس {numbers}: {because}.",
        "many": "تعذّرت كتابة الدروس {numbers}: {because}.",
        "other": "تعذّرت كتابة الدروس {numbers}: {because}.",
    },
    "status.sections_failed": {
        "zero": "تعذّرت كتابة الأقسام {numbers} من الدرس {lesson}: {because}.",
        "one": "تعذّرت كتابة القسم {numbers} من الدرس {lesson}: {because}.",
        "two": "تعذّرت كتابة القسمين {numbers} من الدرس {lesson}: {because}.",
        "few": "تعذّرت كتابة الأقسام {numbers} من الدرس {lesson}: {because}.",
        "many": "تعذّرت كتابة الأقسام {numbers} من الدرس {lesson}: {because}.",
        "other": "تعذّرت كتابة الأقسام {numbers} من الدرس {lesson}: {because}.",
    },
    "status.others_ready": "البقية جاهزة.",
    "status.rest_ready": "ما عدا ذلك جاهز.",
    "status.none_ready": "لا شيء للقراءة بعد.",
    "status.stopped.keep": {
        "zero": "<b>{title}</b>\nتوقّف العمل. هل نحتفظ بما كُتب دورةً قصيرة؟",
        "one": "<b>{title}</b>\nتوقّف العمل. كُتب درس واحد؛ هل نحتفظ به دورةً قصيرة؟",
        "two": "<b>{title}</b>\nتوقّف العمل. كُتب درسان؛ هل نحتفظ بهما دورةً قصيرة؟",
        "few": "<b>{title}</b>\nتوقّف العمل. كُتبت {n} دروس؛ هل نحتفظ بها دورةً قصيرة؟",
        "many": "<b>{title}</b>\nتوقّف العمل. كُتب {n} درسًا؛ هل نحتفظ بها دورةً قصيرة؟",
        "other": "<b>{title}</b>\nتوقّف العمل. كُتب {n} درس؛ هل نحتفظ بها دورةً قصيرة؟",
    },
    "status.stopped": {
        "zero": "<b>{title}</b>\nتوقّف العمل قبل كتابة الدرس الأول.",
        "one": "<b>{title}</b>\nتوقّف العمل بعد درس واحد.",
        "two": "<b>{title}</b>\nتوقّف العمل بعد درسين.",
        "few": "<b>{title}</b>\nتوقّف العمل بعد {n} دروس.",
        "many": "<b>{title}</b>\nتوقّف العمل بعد {n} درسًا.",
        "other": "<b>{title}</b>\nتوقّف العمل بعد {n} درس.",
    },
    "status.stopped.early": "<b>{title}</b>\nتوقّف العمل قبل كتابة الدرس الأول.",
    "status.failed": "<b>{title}</b>\nتعذّر إنشاء هذه الدورة: {because}.",
    "status.failed.again": "ما كُتب محفوظ.",
    "status.failed.rephrase": "قد تنجح صياغة أخرى للطلب.",
    "status.discarded": "<b>{title}</b>\nتمّ التخلي عنها.",
    "status.stopping": "جارٍ الإيقاف.",
    "status.going_on": "نتابع.",
    "status.kept": "تمّ الاحتفاظ بها.",
    "status.discarding": "تمّ التخلي عنها.",
    "because": "لم ينجح الأمر",
    "because.overloaded": "كان النموذج مثقلًا في كل مرة",
    "because.rate_limited": "كانت الطلبات إلى النموذج كثيرة في ذلك الوقت",
    "because.timed_out": "لم يُجب النموذج في الوقت المناسب",
    "because.dropped": "كان الاتصال بالنموذج ينقطع مرة بعد مرة",
    "because.unreachable": "تعذّر الوصول إلى النموذج",
    "because.resting": "أخفق النموذج عدة مرات متتالية، وأتركه يرتاح قليلًا",
    "because.service_error": "كان في خدمة النموذج عطل في كل مرة",
    "because.invalid_answer": "لم تكن إجابات النموذج صالحة للاستعمال",
    "because.truncated": "كانت إجابات النموذج تنقطع",
    "because.declined": "اعتذر النموذج عن هذا الموضوع",
    "because.refused": "اعتذر النموذج عن هذا الموضوع",
    "because.spent": "نفد المال المخصّص للنموذج",
    "because.key_refused": "خدمة النموذج لا تقبل مفتاحنا",
    "because.model_unknown": "خدمة النموذج لا تعرف نموذجنا",
    "because.request_refused": "لم تقبل خدمة النموذج السؤال",
    "because.no_author": "لا يمكن الوصول إلى أي نموذج",
    "because.needs_source": "يلزم نص للعمل منه",
    "because.too_thin": "النص أقصر من أن يكون دورة",
}
