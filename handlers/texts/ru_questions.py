"""Russian: questions, answers, and disputes about them."""

from __future__ import annotations

from handlers.texts import Text

QUESTIONS: dict[str, Text] = {
    "question.head": "<i>{title} · вопрос {n} из {of}</i>",
    "question.head.voided": "<i>{title} · вопрос, который не считается</i>",
    "question.prompt": "<b>{prompt}</b>",
    "question.option": "{letter} {text}",
    "question.option.gone": "<s>{letter} {text}</s>",
    "question.try_again": "Не то. {hint}",
    "question.try_again.plain": "Не то. Ещё одна попытка.",
    "question.right": "✅ {letter} {text}",
    "question.wrong": "✖ {letter} {text}",
    "question.why": "{explanation}",
    "question.voided": "Этот вопрос проверили ещё раз и убрали: он ни для кого не считается.",
    "question.score": "Это был последний вопрос курса: верно с первой попытки – {score} %.",
    "question.skip": "Пропустить",
    "question.flag": "🚩",
    "question.next": "▶ Следующий вопрос",
    "question.on": "▶ Дальше: {title}",
    "question.back": "⬅ К разделу",
    "question.all": "☰ Все уроки",
    "question.key": {
        "one": "❓ {n} вопрос",
        "few": "❓ {n} вопроса",
        "many": "❓ {n} вопросов",
        "other": "❓ {n} вопроса",
    },
    "question.key.done": "❓ Вопросы",
    "question.toast.right": "Верно.",
    "question.toast.again": "Не то. Ещё одна попытка.",
    "question.toast.wrong": "Не то.",
    "question.toast.skipped": "Пропущено.",
    "question.typed": "Ответы принимаются кнопками выше, чтобы ничего не засчиталось случайно. Вопрос остаётся "
    "открытым; "
    "«Пропустить» оставит его.",
    "question.none": "Здесь нет вопросов.",
    "questions.head": "<b>Вопросы: {title}</b>",
    "questions.line.right": "{n} ✅ {prompt}",
    "questions.line.wrong": "{n} ✖ {prompt}",
    "questions.line.skipped": "{n} – {prompt}",
    "questions.line.open": "{n} ◻ {prompt}",
    "questions.count": "Верно с первой попытки: {right} из {total}.",
    # 🚩, for who raises it
    "flag.noted": "Принято. Вопрос решат ещё раз без ответа, и я расскажу, что вышло.",
    "flag.noted.owner": "Принято. Решает тот, кто сделал курс, а я расскажу, что вышло.",
    "flag.noted.own": "Принято. Это ваш собственный курс, так что решать вам; всё в сообщении ниже.",
    "flag.before": "Этот вопрос вы уже отметили. Я расскажу, что из этого выйдет.",
    "flag.upheld": "Вы спросили не зря. Этот вопрос убран из курса <b>{course}</b>: он больше ни для кого не "
    "считается, "
    "и ваш результат считается без него:\n<i>{prompt}</i>",
    "flag.rejected": "Ваш вопрос из курса <b>{course}</b> решили ещё раз без ответа, и ответ подтвердился:\n"
    "<i>{prompt}</i>",
    "flag.rejected.owner": "Ваш вопрос из курса <b>{course}</b> посмотрел его создатель, и ответ остаётся:\n"
    "<i>{prompt}</i>",
    "flag.unsolved": "Ваш вопрос из курса <b>{course}</b> решили ещё раз, но ясного итога нет. Теперь решает создатель "
    "курса, а я расскажу, что вышло:\n<i>{prompt}</i>",
    "flag.answered": "Вопрос, на который вы ответили в курсе <b>{course}</b>, был неверным и убран. Ваш результат "
    "считается без него:\n<i>{prompt}</i>",
    "flag.look": "▶ Посмотреть",
    # 🚩, for who owns the course
    "dispute.head": {
        "one": "<b>{n} человек считает, что в этом вопросе ошибка.</b>",
        "few": "<b>{n} человека считают, что в этом вопросе ошибка.</b>",
        "many": "<b>{n} человек считают, что в этом вопросе ошибка.</b>",
        "other": "<b>{n} человека считают, что в этом вопросе ошибка.</b>",
    },
    "dispute.head.own": "<b>Вы отметили вопрос своего курса.</b>",
    "dispute.where": "{course} · {section}",
    "dispute.right": "Верным считается {letter}: {explanation}",
    "dispute.secret": "Вы сами на него ещё не отвечали, поэтому верный ответ не называю.",
    "dispute.wrong": "Убрать",
    "dispute.stands": "Всё верно",
    "dispute.upheld": "Вопрос убран для всех, и результаты считаются без него.",
    "dispute.upheld.solved": "Вопрос дважды решили без ответа, и оба раза вышел другой вариант. Поэтому он убран для "
    "всех, и результаты считаются без него.",
    "dispute.rejected": "Вопрос остаётся как есть.",
    "dispute.rejected.solved": "Вопрос дважды решили без ответа, и ответ подтвердился. Последнее слово за вами.",
    "dispute.toast.upheld": "Убрано.",
    "dispute.toast.rejected": "Остаётся.",
    "error.not_found.question": "Этого вопроса нет среди ваших, или его больше нет. Ваше: /courses",
    "error.not_found.dispute": "Решать это не вам, или этого больше нет.",
    "error.conflict.voided": "Этот вопрос уже убран; он ни для кого не считается.",
    "error.conflict.answered": "На это уже есть ответ.",
    "limit.disputes": "Отмечено вопросов за день: {n}, больше пока нельзя. Следующий можно отметить в {time}.",
    # Questions that could not be made
    "key.retry_questions": "↻ Недостающие вопросы",
    "status.without_questions": {
        "one": "Не удалось составить вопросы к {n} разделу: {because}.",
        "few": "Не удалось составить вопросы к {n} разделам: {because}.",
        "many": "Не удалось составить вопросы к {n} разделам: {because}.",
        "other": "Не удалось составить вопросы к {n} раздела: {because}.",
    },
    "error.conflict.nothing_missing": "Все вопросы на месте, пробовать снова нечего.",
}
