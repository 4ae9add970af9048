// The state of everything, for admins: looks again every five seconds while somebody sees it.
import { bars, element } from "./draw.js";
import { Session, codeForm } from "./session.js";

const at = (id) => document.getElementById(id);
const session = new Session("status");
const signIn = codeForm(session, begin);
const EVERY = 5000, KEPT = 40;
const WORDS = {
  healthy: "Everything works.", degraded: "It works, but something is lost for people.",
  unhealthy: "Lectern cannot serve people just now.",
};
const STATES = { ok: "works", slow: "slow", failed: "away", off: "not set up" };
const SPENDING = "/admin/spending", EVERY_SO_MANIETH = 6; // figures are kept for half a minute
const load = [];
let timer = 0, looks = 0, hasSpending = null;

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
    if (looks++ % EVERY_SO_MANIETH === 0) await lookAtMaking();
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

// What the API does not offer is not asked for: its description says what there is.
async function lookAtMaking() {
  hasSpending ??= SPENDING in (await session.ask("GET", "/openapi.json")).paths;
  const [figures, spending] = await Promise.all([
    session.ask("GET", "/analytics/platform"), hasSpending ? session.ask("GET", SPENDING) : {},
  ]);
  const spreads = (found, words) => Object.entries(found).sort().map(([name, spread]) => [words + name.replaceAll("_", " "), spread]);
  at("making").replaceChildren(...[
    ...spreads(figures.generations, ""), ...spreads(figures.errors, "failed: "), ...spreads(spending, ""),
  ].flatMap(([name, found]) => makingRow(name, found)));
  if (!at("making").children.length) at("making").append(...makingRow("none so far", { day: 0, week: 0, month: 0 }));
  at("no-money").hidden = hasSpending;
}

// A figure by day, week and month, or one that is the same for all of them; what is neither is left out.
function makingRow(name, found) {
  const spread = found !== null && typeof found === "object" && "day" in found;
  if (!spread && !["number", "string"].includes(typeof found)) return [];
  const cells = spread ? [found.day, found.week, found.month].map((one) => element("td", {}, String(one)))
    : [element("td", { colspan: "3" }, String(found))];
  return [element("tr", {}, element("th", { scope: "row" }, name), ...cells)];
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
