// The state of everything, for admins: looks again every five seconds while somebody sees it.
import { bars, element } from "./draw.js";
import { Session, codeForm } from "./session.js";

const at = (id) => document.getElementById(id);
const session = new Session("status");
const signIn = codeForm(session, begin);
const EVERY = 5000, KEPT = 40, SELDOM = 12; // milliseconds; points of the chart; looks between two at money and limits
const WORDS = {
  healthy: "Everything works.", degraded: "It works, but something is lost for people.",
  unhealthy: "Lectern cannot serve people just now.",
};
const STATES = { ok: "works", slow: "slow", failed: "away", off: "not set up" };
const load = [];
let timer = 0, looks = 0;

function askForCode(words = "") {
  clearTimeout(timer);
  at("state").hidden = at("board").hidden = true;
  signIn.form.hidden = false;
  signIn.say(words);
  signIn.form.elements.code.focus();
}

async function start() {
  try {
    if (await session.resume()) await begin();
    else askForCode();
  } catch (error) {
    askForCode(error.message);
  }
}

async function begin() {
  signIn.form.hidden = true;
  at("state").hidden = false;
  await look();
}

async function look() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const [health, aside] = await Promise.all([session.ask("GET", "/admin/health"), session.ask("GET", "/admin/jobs?limit=20")]);
    show(health);
    showAside(aside);
    if (looks++ % SELDOM === 0) await Promise.all([lookAtMaking(), lookAtMoney()]);
    at("state").hidden = true;
    at("board").hidden = false;
    at("board").classList.remove("old");
  } catch (error) {
    if (error.status === 401) return askForCode(error.message);
    if (error.status === 403) {
      session.forget();
      return askForCode("This page is for admins, and you are signed in as somebody who is none.");
    }
    at("board").classList.add("old");
    at("state").textContent = `${error.message} What stands below is old.`;
    at("state").hidden = false;
  }
  timer = setTimeout(look, EVERY);
}

function show(health) {
  at("whole").textContent = WORDS[health.status];
  at("whole").className = `card whole ${health.status}`;
  at("when").textContent = `${new Date(health.at).toLocaleTimeString()} · ${health.environment} · ${health.version}`;
  const work = health.workload, waiting = Object.values(work.open).reduce((sum, one) => sum + one, 0);
  const tile = (name, value) => element("div", { class: "tile" }, element("dt", {}, name), element("dd", {}, value));
  at("tiles").replaceChildren(
    tile("Work waiting", String(waiting)), tile("Oldest waits", age(work.oldest_seconds)), tile("Set aside", String(work.aside)),
  );
  at("probes").replaceChildren(...health.probes.map((one) => element("li", {},
    element("strong", {}, one.name), element("span", { class: one.state }, STATES[one.state]),
    element("span", { class: "faint wide" }, one.detail), element("span", { class: "number faint" }, `${one.latency_ms.toFixed(1)} ms`))));
  load.push({ label: "", value: waiting, words: `${new Date(health.at).toLocaleTimeString()}: ${waiting}` });
  load.splice(0, load.length - KEPT);
  const empty = Array.from({ length: KEPT - load.length }, () => ({ label: "", value: 0, words: "" }));
  at("load").replaceChildren(bars([...empty, ...load], { height: 60, widest: 950, title: `Work waiting of late; now ${waiting}` }));
  at("kinds").replaceChildren(...Object.entries(work.open).sort().map(([kind, count]) =>
    element("li", {}, element("strong", {}, kind), element("span", { class: "number" }, String(count)))));
}

async function lookAtMaking() {
  const figures = await session.ask("GET", "/analytics/platform");
  const spreads = (found, words) => Object.entries(found).sort().map(([name, spread]) => [words + name.replaceAll("_", " "), spread]);
  at("making").replaceChildren(...[
    ...spreads(figures.generations, ""), ...spreads(figures.errors, "failed: "),
  ].map(([name, spread]) => makingRow(name, spread)));
  if (!at("making").children.length) at("making").append(makingRow("none so far", { day: 0, week: 0, month: 0 }));
}

function makingRow(name, spread) {
  const cells = [spread.day, spread.week, spread.month].map((one) => element("td", {}, String(one)));
  return element("tr", {}, element("th", { scope: "row" }, name), ...cells);
}

async function lookAtMoney() {
  const [spending, limits] = await Promise.all([session.ask("GET", "/admin/spending"), session.ask("GET", "/admin/limits")]);
  const row = (name, value, words) => element("li", {}, element("strong", {}, name), element("span", { class: "number" }, value),
    element("span", { class: "faint wide" }, words));
  const periods = spending.periods.map((one) => {
    const cap = one.days === 1 && spending.caps.day_usd !== null ? ` of ${dollars(spending.caps.day_usd)}` : "";
    const cached = one.total.cached_share === null ? "" : `, ${Math.round(one.total.cached_share * 100)} % of the input from the cache`;
    return row(one.days === 1 ? "Today" : `${one.days} days`, dollars(one.total.usd), `${cap ? `${cap.trim()} · ` : ""}${one.total.calls} calls${cached}`);
  });
  const models = spending.periods.at(-1).by_model.map((one) => row(one.name, dollars(one.usd), `${one.calls} calls in 30 days`));
  const open = spending.open.calls ? [row("Open", dollars(spending.open.usd), `at most, for ${spending.open.calls} calls that are not settled`)] : [];
  const found = spending.estimates;
  const off = found.error === null ? [] : [row("Estimates", `${Math.round(found.error * 100)} % off`,
    `${found.courses} courses: expected ${dollars(found.expected_usd)}, came to ${dollars(found.usd)}`)];
  at("money").replaceChildren(...periods, ...models, ...open, ...off);
  const caps = [["A course", spending.caps.course_usd], ["A person and day", spending.caps.learner_day_usd], ["A day in all", spending.caps.day_usd]];
  at("limits").replaceChildren(
    ...limits.items.map((one) => row(one.name, String(one.allowed), `in ${age(one.window_seconds)}`)),
    ...caps.map(([name, usd]) => row(name, usd === null ? "no cap" : dollars(usd), "on models")),
  );
}

function dollars(amount) {
  return amount > 0 && amount < 0.01 ? "< $0.01" : `$${amount.toFixed(2)}`;
}

function showAside(page) {
  if (at("aside").contains(document.activeElement)) return; // nobody's button is taken from under their finger
  at("aside").replaceChildren(...page.items.map(asideRow));
  if (!page.items.length) at("aside").append(element("li", {}, element("span", { class: "faint wide" }, "Nothing.")));
}

function asideRow(item) {
  const again = element("button", { class: "quiet", type: "button" }, "Try again");
  const drop = element("button", { class: "quiet", type: "button" }, "Give up");
  again.setAttribute("aria-label", `Try ${item.kind} ${item.id} again`);
  drop.setAttribute("aria-label", `Give up ${item.kind} ${item.id}`);
  again.onclick = () => act("POST", `/admin/jobs/${item.id}/retry`, again, drop);
  drop.onclick = () => {
    if (drop.dataset.sure) return act("DELETE", `/admin/jobs/${item.id}`, again, drop);
    drop.dataset.sure = "yes";
    drop.textContent = "Really?";
  };
  return element("li", {}, element("strong", {}, item.kind), element("span", { class: "faint" }, age(item.age_seconds)),
    element("span", { class: "faint wide" }, item.error || ""), element("span", { class: "buttons" }, again, drop));
}

async function act(method, path, ...buttons) {
  buttons.forEach((one) => { one.disabled = true; });
  at("aside-fault").textContent = "";
  try {
    await session.ask(method, path);
  } catch (error) {
    at("aside-fault").textContent = error.message;
  }
  document.activeElement?.blur();
  await look();
}

function age(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 129600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} d`;
}

at("leave").onclick = async () => {
  clearTimeout(timer);
  try { await session.signOut(); } catch { /* forgotten here all the same */ }
  askForCode();
};
document.addEventListener("visibilitychange", () => { if (!document.hidden && session.token) look(); });
start();
