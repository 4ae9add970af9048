"""Arabic: letters, and the pages that their links lead to."""

from __future__ import annotations

from handlers.texts import Text

MAIL: dict[str, Text] = {
    "mail.hello": "مرحبًا {name}،",
    "mail.bye": "Lectern",
    "mail.stop": "لا مزيد من هذه الرسائل",
    "mail.confirm.subject": "هل هذا عنوانك؟",
    "mail.confirm.body": "طلب شخص ما، ونرجو أن يكون ذلك بطلب منك، أن يكتب Lectern إلى هذا العنوان. سيفعل ذلك بعد "
    "تأكيدك "
    "أنه لك. الرابط صالح 24 ساعة.",
    "mail.confirm.link": "نعم، هذا عنواني",
    "mail.confirm.else": "إن لم يكن ذلك بطلب منك، فلا حاجة إلى فعل شيء: لن تصلك رسائل أخرى.",
    "mail.welcome.subject": "أهلًا بك في Lectern",
    "mail.welcome.body": "يسعدنا وجودك. تكفي رسالة إلى Lectern في المحادثة بما تريد تعلّمه، أو وثيقة، ليُعدّ لك دورة "
    "من "
    "أقسام قصيرة.",
    "mail.welcome.more": "تكفي بضع دقائق في اليوم، والمتابعة من حيث توقّفت.",
    "mail.course_completed.subject": "أنجزت «{course}»",
    "mail.course_completed.body": "لقد قرأت كل أقسام «{course}». عمل رائع!",
    "mail.course_completed.more": "تبقى في قائمتك للعودة إليها متى شئت.",
    "mail.weekly_digest.subject": "أسبوعك في التعلّم",
    "mail.weekly_digest.body": "هذا ما أُنجز في الأيام السبعة الأخيرة:",
    "mail.weekly_digest.nothing": "لم يُنجز شيء في الأيام السبعة الأخيرة. هذا يحدث؛ القسم الواحد يأخذ بضع دقائق.",
    "mail.weekly_digest.line": {
        "zero": "{course}: بلا أقسام، {minutes} د",
        "one": "{course}: قسم واحد، {minutes} د",
        "two": "{course}: قسمان، {minutes} د",
        "few": "{course}: {n} أقسام، {minutes} د",
        "many": "{course}: {n} قسمًا، {minutes} د",
        "other": "{course}: {n} قسم، {minutes} د",
    },
    "mail.weekly_digest.next": "يمكن متابعة «{course}».",
    "mail.page.confirm": "هل يكتب إليك Lectern على هذا العنوان؟",
    "mail.page.confirm.button": "نعم، هو عنواني",
    "mail.page.confirmed": "شكرًا. هذا العنوان مؤكَّد.",
    "mail.page.stop": "هل يتوقّف Lectern عن إرسال هذه الرسائل إليك؟",
    "mail.page.stop.button": "نعم، لا مزيد منها",
    "mail.page.stopped": "لن تصلك رسائل أخرى من هذا النوع. ويمكن طلبها من جديد في Lectern.",
    # In the chat's settings
    "settings.mail": "البريد: {address}",
    "settings.mail.none": "البريد: بلا عنوان",
    "settings.mail.pending": "البريد: {address}، بعد فتح الرابط المرسل إليه",
    "settings.mail.key": "✉ البريد",
    "settings.mail.head": "<b>البريد</b>\nلا يُرسل إلا ما عليه علامة هنا.",
    "settings.mail.welcome": "رسالة ترحيب",
    "settings.mail.course_completed": "عند إنجاز دورة",
    "settings.mail.weekly_digest": "أسبوعي، صباح الاثنين",
    "settings.mail.address.key": "✏ تحديد العنوان",
    "settings.mail.forget.key": "🗑 نسيان العنوان",
    "settings.mail.forgotten": "نُسي العنوان.",
    "settings.mail.ask": "ما العنوان؟ سيصل إليه رابط يُفتح مرة واحدة.",
    "settings.mail.wrong": "لا أستطيع الكتابة إلى «{found}». المطلوب عنوان مثل ada@example.org.",
    "limit.mail": "بلغ عدد رسائل الروابط حدّه اليوم. بعد {time} يمكن إرسال المزيد.",
    "error.not_found.mail": "لا تُرسل رسائل من هنا.",
}
