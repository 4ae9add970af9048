// One's own progress. Opened by Telegram, the page is told who looks and in which colours; else a code is asked for.
import { bars, element, ring } from "./draw.js";
import { Session, codeForm } from "./session.js";
import { wordsOf } from "./words.js";

const at = (id) => document.getElementById(id);
const session = new Session("progress");
const opened = new URLSearchParams(location.hash.slice(1));
const initData = opened.get("tgWebAppData");
let words = wordsOf(telegramsLanguage(), ...navigator.languages);
const signIn = codeForm(session, show, told);

function telegramsLanguage() {
  try { return JSON.parse(new URLSearchParams(initData || "").get("user"))?.language_code; } catch { return ""; }
}

// The page in the language of `words`: what stands in it, and from which side it is read.
function speak() {
  const root = document.documentElement;
  [root.lang, root.dir, document.title] = [words.language, words.direction, `${words.say("title")} · Lectern`];
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = words.say(node.dataset.say);
  const [before, after] = words.say("ask", { command: "|" }).replace(/[\u2068\u2069]/g, "").split("|");
  at("ask").replaceChildren(before, element("code", { dir: "ltr" }, "/login"), after);
}

function told(error) { return error.status === 0 ? words.say("unreachable") : error.message; }

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

function askForCode(fault = "") {
  at("state").hidden = at("progress").hidden = true;
  signIn.form.hidden = false;
  signIn.say(fault);
  signIn.form.elements.code.focus();
}

async function start() {
  dress();
  speak();
  try {
    if (initData) await session.withInitData(initData);
    else if (!(await session.resume())) return askForCode();
  } catch (error) {
    return askForCode(told(error));
  }
  await show();
}

async function show() {
  words = wordsOf(session.learner?.language);
  speak();
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
    if (error.status === 401) return askForCode(told(error));
    at("state").textContent = told(error);
  }
}

function showFigures(figures) {
  const { say, day, duration, number } = words;
  at("hello").textContent = session.learner ? say("named", { name: session.learner.name }) : say("title");
  at("streak").textContent = figures.streak > 1 ? say("row", { n: figures.streak }) : "";
  const tile = (name, value) => element("div", { class: "tile" }, element("dt", {}, name), element("dd", {}, value));
  at("tiles").replaceChildren(
    tile(say("done"), String(figures.sections_done)),
    tile(say("spent"), duration(figures.seconds_spent)),
    tile(say("longest"), say("days", { n: figures.longest_streak })),
    tile(say("pace"), figures.velocity === null ? "–" : say("hourly", { n: number(figures.velocity, 1) })),
  );
  const values = figures.days.map((one) => ({
    label: day(one.day, { day: "numeric" }), value: one.seconds,
    words: `${day(one.day, { weekday: "long", day: "numeric", month: "long" })}: ${duration(one.seconds)}`,
  }));
  const seconds = figures.days.reduce((sum, one) => sum + one.seconds, 0);
  const active = figures.days.filter((one) => one.seconds || one.sections).length;
  const inWords = active ? say("active", { time: duration(seconds), n: active, of: figures.days.length }) : say("nothing");
  at("days").replaceChildren(bars(values, { every: window.innerWidth < 500 ? 2 : 1, title: say("byDay", { words: inWords }) }));
  at("days-words").textContent = inWords;
}

function showCourses(page, forecasts) {
  const ends = new Map(forecasts.map((one) => [one.course_id, one]));
  at("courses").append(...page.items.map((one) => card(one, ends.get(one.course_id))));
  if (!at("courses").childElementCount) {
    at("courses").append(element("p", { class: "card" }, words.say("none")));
  }
  at("more").hidden = !page.next_cursor;
  at("more").onclick = async () => {
    at("more").disabled = true;
    try {
      showCourses(await session.ask("GET", `/progress?cursor=${encodeURIComponent(page.next_cursor)}`), forecasts);
    } catch (error) {
      at("more").textContent = told(error);
    } finally {
      at("more").disabled = false;
    }
  };
}

function card(course, forecast) {
  const { say, day, duration } = words;
  const lines = [say("done_of", {
    done: course.sections_done, of: course.sections_total, lessons: course.lessons_done, all: course.lessons_total,
  })];
  if (course.percent === 100) lines.push(say("finished", { time: duration(course.seconds_spent) }));
  else if (course.next) {
    const { low, high } = course.remaining;
    lines.push(say("next", { title: course.next.title }), say("left", { time: low === high ? low : `${low}–${high}` }));
  }
  if (forecast && course.percent < 100) lines.push(say("until", { day: day(forecast.latest, { day: "numeric", month: "long" }) }));
  return element("article", { class: "card course" }, ring(course.percent, say("percent", { title: course.title, n: course.percent })),
    element("div", {}, element("h3", {}, element("bdi", {}, course.title)), ...lines.map((line) => element("p", { class: "faint" }, line))));
}

start();
