// What goes to the engine and what comes from it.

export class Refused extends Error {}

async function answerOf(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(body.error || `That did not work (${response.status}).`);
  return body;
}

/** GET `path` with `query`, as JSON. */
export async function read(path, query = {}) {
  return answerOf(await fetch(`${path}?${new URLSearchParams(query)}`));
}

/** One action of a person: POST do/<action>. */
export async function act(person, action, body) {
  const headers = { "Content-Type": "application/json" };
  const query = new URLSearchParams({ person });
  return answerOf(await fetch(`do/${action}?${query}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Send a file up; the file is the last part, as the server reads the parts in order. */
export async function upload(person, chat, file, kind, caption) {
  const form = new FormData();
  form.append("kind", kind);
  form.append("chat", chat);
  form.append("caption", caption);
  form.append("file", file, file.name || "photo.png");
  return answerOf(await fetch(`upload?${new URLSearchParams({ person })}`, { method: "POST", body: form }));
}

/** Where a file can be had from. */
export function fileUrl(fileId) {
  return `file/${encodeURIComponent(fileId)}`;
}

/** Follow what happens from change `after` on; the browser reconnects by itself and says what it saw last. */
export function follow(person, after, onChange, onState) {
  const source = new EventSource(`events?${new URLSearchParams({ person, after })}`);
  source.onmessage = (event) => onChange(JSON.parse(event.data));
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
  return source;
}
