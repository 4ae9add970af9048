"""Arabic: what courses cost, the limits on it, and what was spent, for admins."""

from __future__ import annotations

from handlers.texts import Text

_SET = "وضع القائمون على البوت حدًّا "
_COURSE = _SET + "لكلفة الدورة الواحدة، و"
_LEARNER = _SET + "لكلفة دورات الشخص الواحد في اليوم، و"
_BOT = _SET + "لما أنفقه في اليوم، و"

MONEY: dict[str, Text] = {
    "words.about": "نحو {amount}",
    "words.under": "أقل من {amount}",
    # On the card of a course that is proposed
    "card.cost": "الكلفة: {amount}.",
    "card.cost.left": "الكلفة: {amount}؛ والباقي من حدّ اليوم {left}.",
    "card.cap_course": _COURSE + "هذه تتجاوزه. أما دورة مدتها {time} فلا تتجاوزه.",
    "card.cap_course.none": _COURSE + "هذه تتجاوزه. تغيير ذلك عند {operator}.",
    "card.cap_learner": _LEARNER + "هذه تتجاوز ما بقي منه. يمكن إنشاؤها من الساعة {until}.",
    "card.cap_bot": _BOT + "هذه الدورة تتجاوز ما بقي منه. يمكن إنشاؤها من الساعة {until}.",
    "card.cap.shorter": "يتّسع اليوم لدورة مدتها {time}.",
    "key.shorter": "✂ {time} بدلًا منها",
    "limit.cap_learner": _LEARNER + "هذه تتجاوز ما بقي منه. يمكن إنشاؤها من الساعة {time}.",
    "limit.cap_bot": _BOT + "هذه الدورة تتجاوز ما بقي منه. يمكن إنشاؤها من الساعة {time}.",
    "fault.minutes.too_dear": "كلفة دورة مدتها {found} د أعلى مما يمكن هنا لدورة واحدة؛ الممكن {allowed} د.",
    # Reached while something was being made
    "author.cap_course": _COURSE + "قد تمّ بلوغه. تغيير ذلك عند {operator}.",
    "author.cap_learner": _LEARNER + "قد تمّ بلوغه. المتابعة غدًا، أو قبل ذلك بتغيير من {operator}.",
    "author.cap_bot": _BOT + "قد تمّ بلوغه. المتابعة غدًا، أو قبل ذلك بتغيير من {operator}.",
    "author.price_unknown": "لا يمكنني الإنفاق دون معرفة كلفة النموذج، ولا أعرف كلفة نموذجنا. تغيير ذلك عند "
    "{operator}.",
    "because.cap_course": _COURSE + "قد تمّ بلوغه؛ ويمكنهم تغييره",
    "because.cap_learner": _LEARNER + "قد تمّ بلوغه؛ والمتابعة غدًا",
    "because.cap_bot": _BOT + "قد تمّ بلوغه؛ والمتابعة غدًا",
    "because.price_unknown": "كلفة النموذج غير معروفة",
    # /cost
    "cost.head": "<b>الإنفاق على النماذج</b>\nبالدولار الأمريكي؛ ويبدأ اليوم عند منتصف الليل بتوقيت UTC",
    "cost.today": "<b>اليوم</b> {amount}",
    "cost.today.cap": "<b>اليوم</b> {amount} من {cap}",
    "cost.days": "<b>الأيام الـ{n} الأخيرة</b> {amount}",
    "cost.calls": {
        "zero": "بلا استدعاءات",
        "one": "استدعاء واحد",
        "two": "استدعاءان",
        "few": "{n} استدعاءات",
        "many": "{n} استدعاءً",
        "other": "{n} استدعاء",
    },
    "cost.cached": "{percent} من المدخلات من الذاكرة المخبّأة",
    "cost.by_model": "<b>بحسب النموذج</b>، الأيام الـ{n} الأخيرة",
    "cost.by_step": "<b>بحسب الخطوة</b>، الأيام الـ{n} الأخيرة",
    "cost.row": "{name} {amount}",
    "cost.open": {
        "zero": "لا استدعاءات دون تسوية؛ المبلغ المحتمل: {amount}.",
        "one": "استدعاء واحد لم يُسوَّ بعد؛ المبلغ المحتمل: {amount}.",
        "two": "استدعاءان لم يُسوَّيا بعد؛ المبلغ المحتمل: {amount}.",
        "few": "{n} استدعاءات لم تُسوَّ بعد؛ المبلغ المحتمل: {amount}.",
        "many": "{n} استدعاءً لم تُسوَّ بعد؛ المبلغ المحتمل: {amount}.",
        "other": "{n} استدعاء لم تُسوَّ بعد؛ المبلغ المحتمل: {amount}.",
    },
    "cost.estimates": {
        "zero": "بلا دورات: المتوقّع {expected}، والفعلي {amount}، والفارق {percent}.",
        "one": "دورة واحدة: المتوقّع {expected}، والفعلي {amount}، والفارق {percent}.",
        "two": "دورتان: المتوقّع {expected}، والفعلي {amount}، ومتوسط الفارق {percent}.",
        "few": "{n} دورات: المتوقّع {expected}، والفعلي {amount}، ومتوسط الفارق {percent}.",
        "many": "{n} دورة: المتوقّع {expected}، والفعلي {amount}، ومتوسط الفارق {percent}.",
        "other": "{n} دورة: المتوقّع {expected}، والفعلي {amount}، ومتوسط الفارق {percent}.",
    },
    "cost.dearest": "<b>أعلى الدورات كلفة</b>، الأيام الـ{n} الأخيرة",
    "cost.course": "الدورة {id}: {amount}",
    "cost.course.expected": "الدورة {id}: {amount}، والمتوقّع {expected}",
    "cost.course.gone": "دورة محذوفة: {amount}",
    "cost.caps": "<b>الحدود</b> {caps}",
    "cost.caps.none": "لا حدود للإنفاق؛ تضعها CAP_COURSE_USD وCAP_LEARNER_DAY_USD وCAP_DAY_USD.",
    "cost.cap.course": "{amount} للدورة",
    "cost.cap.learner": "{amount} للشخص في اليوم",
    "cost.cap.bot": "{amount} في اليوم للجميع",
}
