// The page's words: one object for each language, chosen by who looks. Numbers and dates are said by the browser.
const WORDS = {
  en: {
    title: "My progress", named: "{name}’s progress", fetching: "Fetching your progress…",
    ask: "Write {command} to Lectern in Telegram. The code that comes back opens your progress here.",
    code: "Code", open: "Open my progress", unreachable: "Lectern cannot be reached just now. Is there a connection?",
    row: { one: "{n} day in a row", other: "{n} days in a row" }, days: { one: "{n} day", other: "{n} days" },
    done: "Sections done", spent: "Time spent", longest: "Longest streak", pace: "Pace", hourly: "{n} / h",
    weeks: "The last two weeks", byDay: "Time by day. {words}", active: "{time} on {n} of {of} days.",
    nothing: "Nothing yet. A section takes a few minutes.", courses: "Courses", more: "More courses",
    none: "No course yet. Tell Lectern in the chat what you would like to learn.",
    done_of: "{done} of {of} sections, {lessons} of {all} lessons", finished: "Finished, in {time}", next: "Next: {title}",
    left: "About {time} min to go", until: "At your pace done by {day}", percent: "{title}: {n} per cent",
    under: "under 1 min", min: "{m} min", h: "{h} h", hmin: "{h} h {m} min",
  },
  es: {
    title: "Mi progreso", named: "El progreso de {name}", fetching: "Trayendo tu progreso…",
    ask: "Escribe {command} a Lectern en Telegram. El código que te llega abre aquí tu progreso.",
    code: "Código", open: "Abrir mi progreso", unreachable: "Ahora mismo no se llega a Lectern. ¿Hay conexión?",
    row: { one: "{n} día seguido", other: "{n} días seguidos" }, days: { one: "{n} día", other: "{n} días" },
    done: "Secciones hechas", spent: "Tiempo dedicado", longest: "Mejor racha", pace: "Ritmo", hourly: "{n} / h",
    weeks: "Las dos últimas semanas", byDay: "Tiempo por día. {words}", active: "{time} en {n} de {of} días.",
    nothing: "Nada todavía. Una sección lleva unos minutos.", courses: "Cursos", more: "Más cursos",
    none: "Aún no hay cursos. Cuéntale a Lectern en el chat qué te gustaría aprender.",
    done_of: "{done} de {of} secciones, {lessons} de {all} lecciones", finished: "Completado, en {time}",
    next: "Siguiente: {title}", left: "Quedan unos {time} min", until: "A tu ritmo, listo el {day}",
    percent: "{title}: {n} por ciento", under: "menos de 1 min", min: "{m} min", h: "{h} h", hmin: "{h} h {m} min",
  },
  ru: {
    title: "Мой прогресс", named: "Прогресс: {name}", fetching: "Получаем ваш прогресс…",
    ask: "Напишите {command} боту Lectern в Telegram. Код из ответа откроет здесь ваш прогресс.",
    code: "Код", open: "Открыть мой прогресс", unreachable: "До Lectern сейчас не достучаться. Есть ли связь?",
    row: { one: "{n} день подряд", few: "{n} дня подряд", many: "{n} дней подряд", other: "{n} дня подряд" },
    days: { one: "{n} день", few: "{n} дня", many: "{n} дней", other: "{n} дня" },
    done: "Пройдено разделов", spent: "Потрачено времени", longest: "Лучшая серия", pace: "Темп", hourly: "{n} / ч",
    weeks: "Последние две недели", byDay: "Время по дням. {words}", active: "{time}, дней с учёбой: {n} из {of}.",
    nothing: "Пока ничего. Раздел занимает несколько минут.", courses: "Курсы", more: "Ещё курсы",
    none: "Курсов пока нет. Напишите Lectern в чате, чему хотите научиться.",
    done_of: "Разделы: {done} из {of}, уроки: {lessons} из {all}", finished: "Пройдено за {time}",
    next: "Дальше: {title}", left: "Осталось около {time} мин", until: "В вашем темпе – к {day}",
    percent: "{title}: {n} процентов", under: "меньше 1 мин", min: "{m} мин", h: "{h} ч", hmin: "{h} ч {m} мин",
  },
  ar: {
    title: "تقدّمي", named: "تقدّم {name}", fetching: "يجري جلب تقدّمك…",
    ask: "رسالة {command} إلى Lectern في تيليغرام، والرمز الذي يأتي يفتح تقدّمك هنا.",
    code: "الرمز", open: "فتح تقدّمي", unreachable: "لا يمكن الوصول إلى Lectern الآن. هل من اتصال؟",
    row: { zero: "لا أيام متتالية", one: "يوم واحد", two: "يومان متتاليان", few: "{n} أيام متتالية", many: "{n} يومًا متتاليًا", other: "{n} يوم متتالٍ" },
    days: { zero: "لا أيام", one: "يوم واحد", two: "يومان", few: "{n} أيام", many: "{n} يومًا", other: "{n} يوم" },
    done: "الأقسام المنجزة", spent: "الوقت المبذول", longest: "أطول سلسلة", pace: "السرعة", hourly: "{n} / س",
    weeks: "الأسبوعان الأخيران", byDay: "الوقت حسب اليوم. {words}", active: "{time}، وأيام التعلّم {n} من {of}.",
    nothing: "لا شيء بعد. القسم يأخذ بضع دقائق.", courses: "الدورات", more: "دورات أخرى",
    none: "لا دورات بعد. تكفي رسالة إلى Lectern في المحادثة بما تريد تعلّمه.",
    done_of: "الأقسام: {done} من {of}، الدروس: {lessons} من {all}", finished: "تمّت في {time}",
    next: "التالي: {title}", left: "بقي نحو {time} د", until: "بسرعتك تتمّ في {day}",
    percent: "{title}: {n} بالمئة", under: "أقل من دقيقة", min: "{m} د", h: "{h} س", hmin: "{h} س {m} د",
  },
};
const RIGHT_TO_LEFT = ["ar"];

// The words of the first of these languages that there are words of (`es-MX` is `es`), else English.
export function wordsOf(...wanted) {
  const codes = wanted.filter(Boolean).map((tag) => String(tag).toLowerCase().split("-")[0]);
  const language = codes.find((code) => Object.hasOwn(WORDS, code)) || "en";
  const locale = `${language}-u-nu-latn`, rules = new Intl.PluralRules(language);
  const isolated = (value) => (typeof value === "string" ? `\u2068${value}\u2069` : value);
  const rightToLeft = RIGHT_TO_LEFT.includes(language);

  function say(key, values = {}) {
    const text = WORDS[language][key];
    const form = typeof text === "string" ? text : text[rules.select(values.n)] || text.other;
    return form.replace(/\{(\w+)\}/g, (_, name) => (rightToLeft ? isolated(values[name]) : values[name]));
  }

  return {
    language, say, direction: rightToLeft ? "rtl" : "ltr",
    number: (value, digits) => value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    day: (date, form) => new Intl.DateTimeFormat(locale, { ...form, timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`)),
    duration(seconds) {
      const minutes = Math.round(seconds / 60), h = Math.floor(minutes / 60), m = minutes % 60;
      if (minutes < 1 && seconds) return say("under");
      return h ? say(m ? "hmin" : "h", { h, m }) : say("min", { m });
    },
  };
}
