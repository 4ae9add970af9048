// Signing in, and asking the API as who is signed in. A refresh token counts once, so there is one exchange at a time.
const API = "/api/v1";

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || "That did not work. Try again in a moment.");
    this.status = status;
    this.code = problem.code || "";
  }
}

async function send(method, path, { body, token } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(API + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refused(0, { detail: "Lectern cannot be reached just now. Is there a connection?" });
  }
  const kind = answer.headers.get("Content-Type") || "";
  const found = kind.includes("json") ? await answer.json() : null;
  if (!answer.ok) throw new Refused(answer.status, found || {});
  return found;
}

export class Session {
  constructor(name) {
    this.name = `lectern.${name}`;
    this.token = null;
    this.learner = null;
    this.exchange = null;
  }

  // Whether somebody is signed in from before in this tab.
  async resume() {
    if (!sessionStorage.getItem(this.name)) return false;
    try {
      await this.refresh();
      return true;
    } catch (error) {
      if (error.status === 0 || error.status >= 500 || error.status === 429) throw error;
      return false;
    }
  }

  async withCode(code) { this.take(await send("POST", "/auth/code", { body: { code } })); }

  async withInitData(initData) { this.take(await send("POST", "/auth/telegram-app", { body: { init_data: initData } })); }

  async ask(method, path, body) {
    try {
      return await send(method, path, { body, token: this.token });
    } catch (error) {
      if (error.status !== 401) throw error;
      await this.refresh();
      return send(method, path, { body, token: this.token });
    }
  }

  refresh() {
    this.exchange ||= this.renew().finally(() => { this.exchange = null; });
    return this.exchange;
  }

  async renew() {
    try {
      this.take(await send("POST", "/auth/refresh", { body: { refresh_token: sessionStorage.getItem(this.name) || "-" } }));
    } catch (error) {
      if (error.status >= 400 && error.status < 500 && error.status !== 429) {
        this.forget();
        if (error.status === 422) error.status = 401;
      }
      throw error;
    }
  }

  async signOut() {
    try { await this.ask("POST", "/auth/sign-out"); } finally { this.forget(); }
  }

  take(signedIn) {
    this.token = signedIn.access_token;
    this.learner = signedIn.learner;
    sessionStorage.setItem(this.name, signedIn.refresh_token);
  }

  forget() {
    this.token = this.learner = null;
    sessionStorage.removeItem(this.name);
  }
}

// The form for a one-time code: calls `then` once somebody is signed in. `told` words what went wrong.
export function codeForm(session, then, told = (error) => error.message) {
  const form = document.getElementById("sign-in");
  const fault = form.querySelector(".fault");
  form.onsubmit = async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    fault.textContent = "";
    try {
      await session.withCode(form.elements.code.value);
      form.reset();
      await then();
    } catch (error) {
      fault.textContent = told(error);
    } finally {
      button.disabled = false;
    }
  };
  return { form, say(words) { fault.textContent = words; } };
}
