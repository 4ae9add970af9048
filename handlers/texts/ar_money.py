"""Arabic: what courses cost, the limits on it, and what was spent, for admins."""

from __future__ import annotations

from handlers.texts import Text

MONEY: dict[str, Text] = {
    "words.under": "أقل من {amount}",
    "card.cost": "ستكلّف نحو {amount}.",
    "card.cost.left": "ستكلّف نحو {amount}؛ وبقي من مخصّص اليوم {left}.",
    "card.cap_course": "وضع القائمون على البوت حدًّا لكلفة الدورة الواحدة، وهذه تتجاوزه. أما دورة مدتها {time} فلا.",
    "card.cap_course.none": "وضع القائمون على البوت حدًّا لكلفة الدورة الواحدة، وهذه تتجاوزه. تغيير ذلك عند {operator}.",
    "card.cap_learner": "وضع القائمون على البوت حدًّا لكلفة دورات الشخص في اليوم، وهذه تتجاوز ما بقي. يمكن إنشاؤها "
    "ابتداءً من: {until}.",
    "card.cap_bot": "وضع القائمون على البوت حدًّا لما أنفقه في اليوم، وهذه الدورة تتجاوز ما بقي. يمكن إنشاؤها ابتداءً "
    "من: {until}.",
    "card.cap.shorter": "دورة مدتها {time} تتّسع لها كلفة اليوم.",
    "key.shorter": "✂ بل {time}",
    "limit.cap_learner": "وضع القائمون على البوت حدًّا لكلفة دورات الشخص في اليوم، وهذه تتجاوز ما بقي. يمكن إنشاؤها "
    "من الساعة {time}.",
    "limit.cap_bot": "وضع القائمون على البوت حدًّا لما أنفقه في اليوم، وهذه الدورة تتجاوز ما بقي. يمكن إنشاؤها من "
    "الساعة {time}.",
    "fault.minutes.too_dear": "دورة مدتها {found} دقيقة تكلّف أكثر مما يُسمح به هنا؛ أما {allowed} دقيقة فمسموح بها.",
    "author.cap_course": "وضع القائمون على البوت حدًّا لكلفة الدورة الواحدة، وقد بُلغ. تغيير ذلك عند {operator}.",
    "author.cap_learner": "وضع القائمون على البوت حدًّا لكلفة دورات الشخص في اليوم، وقد بُلغ. المتابعة غدًا، أو قبل "
    "ذلك بتغيير من {operator}.",
    "author.cap_bot": "وضع القائمون على البوت حدًّا لما أنفقه في اليوم، وقد بُلغ. المتابعة غدًا، أو قبل ذلك بتغيير من "
    "{operator}.",
    "author.price_unknown": "لا يجوز لي الإنفاق دون معرفة سعر النموذج، ولا أعرف سعر نموذجنا. تغيير ذلك عند {operator}.",
    "because.cap_course": "وضع القائمون على البوت حدًّا لكلفة الدورة الواحدة، وقد بُلغ، وبوسعهم تغييره",
    "because.cap_learner": "وضع القائمون على البوت حدًّا لكلفة دورات الشخص في اليوم، وقد بُلغ، والمتابعة غدًا",
    "because.cap_bot": "وضع القائمون على البوت حدًّا لما أنفقه في اليوم، وقد بُلغ، والمتابعة غدًا",
    "because.price_unknown": "سعر النموذج غير معروف",
    "cost.head": "<b>الإنفاق على النماذج</b>\nبالدولار الأمريكي؛ يبدأ اليوم عند منتصف الليل بتوقيت UTC",
    "cost.today": "<b>اليوم</b> {amount}",
    "cost.today.cap": "<b>اليوم</b> {amount} من {cap}",
    "cost.days": "<b>الأيام: {n}</b> {amount}",
    "cost.calls": {
        "zero": "بلا طلبات",
        "one": "طلب واحد",
        "two": "طلبان",
        "few": "{n} طلبات",
        "many": "{n} طلبًا",
        "other": "{n} طلب",
    },
    "cost.cached": "{percent} من المدخلات من الذاكرة المؤقتة",
    "cost.by_model": "<b>حسب النموذج</b>، الأيام: {n}",
    "cost.by_step": "<b>حسب الخطوة</b>، الأيام: {n}",
    "cost.row": "{name} {amount}",
    "cost.open": {
        "zero": "لا طلبات غير مسوّاة؛ الكلفة {amount}.",
        "one": "طلب واحد غير مسوّى؛ قد تبلغ كلفته {amount}.",
        "two": "طلبان غير مسوّيين؛ قد تبلغ كلفتهما {amount}.",
        "few": "{n} طلبات غير مسوّاة؛ قد تبلغ كلفتها {amount}.",
        "many": "{n} طلبًا غير مسوّى؛ قد تبلغ كلفتها {amount}.",
        "other": "{n} طلب غير مسوّى؛ قد تبلغ كلفتها {amount}.",
    },
    "cost.estimates": {
        "zero": "لا دورات: المتوقّع {expected}، والواقع {amount}، والفرق {percent}.",
        "one": "دورة واحدة: المتوقّع {expected}، والواقع {amount}، والفرق {percent}.",
        "two": "دورتان: المتوقّع {expected}، والواقع {amount}، ومتوسط الفرق {percent}.",
        "few": "{n} دورات: المتوقّع {expected}، والواقع {amount}، ومتوسط الفرق {percent}.",
        "many": "{n} دورة: المتوقّع {expected}، والواقع {amount}، ومتوسط الفرق {percent}.",
        "other": "{n} دورة: المتوقّع {expected}، والواقع {amount}، ومتوسط الفرق {percent}.",
    },
    "cost.dearest": "<b>أغلى الدورات</b>، الأيام: {n}",
    "cost.course": "دورة {id}: {amount}",
    "cost.course.expected": "دورة {id}: {amount}، والمتوقّع {expected}",
    "cost.course.gone": "دورة محذوفة: {amount}",
    "cost.caps": "<b>الحدود</b> {caps}",
    "cost.caps.none": "لا حدود؛ تُضبط بـ CAP_COURSE_USD وCAP_LEARNER_DAY_USD وCAP_DAY_USD.",
    "cost.cap.course": "{amount} للدورة",
    "cost.cap.learner": "{amount} للشخص في اليوم",
    "cost.cap.bot": "{amount} في اليوم للجميع",
}
