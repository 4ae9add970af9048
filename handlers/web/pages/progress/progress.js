// One's own progress. Opened by Telegram, the page is told who looks and in which colours; else a code is asked for.
import { bars, duration, element, ring } from "./draw.js";
import { Session, codeForm } from "./session.js";

const at = (id) => document.getElementById(id);
const session = new Session("progress");
const signIn = codeForm(session, show);
const opened = new URLSearchParams(location.hash.slice(1));
const initData = opened.get("tgWebAppData");

function dress() {
  let theme;
  try { theme = JSON.parse(opened.get("tgWebAppThemeParams") || "null"); } catch { return; }
  const needed = ["bg_color", "text_color", "hint_color", "button_color", "button_text_color"];
  if (!theme || !needed.every((name) => /^#[0-9a-f]{6}$/i.test(theme[name]))) return;
  const root = document.documentElement;
  for (const [name, colour] of Object.entries(theme)) {
    if (/^[a-z_]+$/.test(name) && /^#[0-9a-f]{6}$/i.test(colour)) {
      root.style.setProperty(`--tg-theme-${name.replaceAll("_", "-")}`, colour);
    }
  }
  const [red, green, blue] = [1, 3, 5].map((from) => parseInt(theme.bg_color.slice(from, from + 2), 16));
  root.classList.add("telegram", red * 0.3 + green * 0.59 + blue * 0.11 > 128 ? "light" : "dark");
}

function askForCode(words = "") {
  at("state").hidden = at("progress").hidden = true;
  signIn.form.hidden = false;
  signIn.say(words);
  signIn.form.elements.code.focus();
}

async function start() {
  dress();
  try {
    if (initData) await session.withInitData(initData);
    else if (!(await session.resume())) return askForCode();
  } catch (error) {
    return askForCode(error.message);
  }
  await show();
}

async function show() {
  signIn.form.hidden = true;
  at("state").hidden = false;
  try {
    const [figures, page] = await Promise.all([
      session.ask("GET", "/analytics/me?days=14"), session.ask("GET", "/progress"),
    ]);
    showFigures(figures);
    at("courses").replaceChildren();
    showCourses(page, figures.forecasts);
    at("state").hidden = true;
    at("progress").hidden = false;
  } catch (error) {
    if (error.status === 401) return askForCode(error.message);
    at("state").textContent = error.message;
  }
}

function showFigures(figures) {
  at("hello").textContent = session.learner ? `${session.learner.name}’s progress` : "My progress";
  at("streak").textContent = figures.streak > 1 ? `${figures.streak} days in a row` : "";
  const tile = (name, value) => element("div", { class: "tile" }, element("dt", {}, name), element("dd", {}, value));
  at("tiles").replaceChildren(
    tile("Sections done", String(figures.sections_done)),
    tile("Time spent", duration(figures.seconds_spent)),
    tile("Longest streak", figures.longest_streak === 1 ? "1 day" : `${figures.longest_streak} days`),
    tile("Pace", figures.velocity === null ? "–" : `${figures.velocity.toFixed(1)} / h`),
  );
  const values = figures.days.map((one) => ({
    label: day(one.day, { day: "numeric" }), value: one.seconds,
    words: `${day(one.day, { weekday: "long", day: "numeric", month: "long" })}: ${duration(one.seconds)}`,
  }));
  const seconds = figures.days.reduce((sum, one) => sum + one.seconds, 0);
  const active = figures.days.filter((one) => one.seconds || one.sections).length;
  const words = active ? `${duration(seconds)} on ${active} of ${figures.days.length} days.` : "Nothing yet. A section takes a few minutes.";
  at("days").replaceChildren(bars(values, { every: window.innerWidth < 500 ? 2 : 1, title: `Time by day. ${words}` }));
  at("days-words").textContent = words;
}

function showCourses(page, forecasts) {
  const ends = new Map(forecasts.map((one) => [one.course_id, one]));
  at("courses").append(...page.items.map((one) => card(one, ends.get(one.course_id))));
  if (!at("courses").childElementCount) {
    at("courses").append(element("p", { class: "card" }, "No course yet. Tell Lectern in the chat what you would like to learn."));
  }
  at("more").hidden = !page.next_cursor;
  at("more").onclick = async () => {
    at("more").disabled = true;
    try {
      showCourses(await session.ask("GET", `/progress?cursor=${encodeURIComponent(page.next_cursor)}`), forecasts);
    } catch (error) {
      at("more").textContent = error.message;
    } finally {
      at("more").disabled = false;
    }
  };
}

function card(course, forecast) {
  const lines = [`${course.sections_done} of ${course.sections_total} sections, ${course.lessons_done} of ${course.lessons_total} lessons`];
  if (course.percent === 100) lines.push(`Finished, in ${duration(course.seconds_spent)}`);
  else if (course.next) {
    const { low, high } = course.remaining;
    lines.push(`Next: ${course.next.title}`, `About ${low === high ? low : `${low}–${high}`} min to go`);
  }
  if (forecast && course.percent < 100) lines.push(`At your pace done by ${day(forecast.latest, { day: "numeric", month: "long" })}`);
  return element("article", { class: "card course" }, ring(course.percent, `${course.title}: ${course.percent} per cent`),
    element("div", {}, element("h3", {}, course.title), ...lines.map((line) => element("p", { class: "faint" }, line))));
}

function day(date, form) {
  return new Intl.DateTimeFormat(session.learner?.language || "en", { ...form, timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
}

start();
