// Optional. Without a signal an answer is kept on this phone, locked with a key made from the survey's own link, for
// a day at most; it is sent as soon as there is a signal, by the same form with the same seal, and then deleted.
(() => {
  "use strict";
  const said = document.currentScript.dataset;
  const form = document.querySelector("form.question");
  const token = location.pathname.split("/")[2];
  const DAY = 864e5;
  const subtle = self.crypto && crypto.subtle;
  let waiting = null;
  let busy = false;
  let pause = 2e3;
  let timer = 0;
  let box = null;

  const digest = async (purpose) =>
    new Uint8Array(await subtle.digest("SHA-256", new TextEncoder().encode(purpose + token)));
  const slot = async () => "kept-" + String.fromCharCode(...(await digest("name")).map((byte) => 97 + (byte % 26)));
  const key = async () => subtle.importKey("raw", await digest("key"), "AES-GCM", false, ["encrypt", "decrypt"]);

  async function store() {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(waiting));
    const locked = new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, await key(), text));
    localStorage.setItem(await slot(), JSON.stringify({ at: Date.now(), iv: [...iv], locked: [...locked] }));
  }

  async function stored() {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("kept-") && !(Date.now() - JSON.parse(localStorage[name]).at < DAY)) localStorage.removeItem(name);
    }
    const found = JSON.parse(localStorage.getItem(await slot()));
    if (!found) return null;
    const iv = new Uint8Array(found.iv);
    const text = await subtle.decrypt({ name: "AES-GCM", iv }, await key(), new Uint8Array(found.locked));
    return JSON.parse(new TextDecoder().decode(text));
  }

  function say(text) {
    if (!box) {
      box = document.createElement("div");
      box.className = "note";
      box.setAttribute("role", "status");
      const spot = form || document.querySelector("main h1");
      spot.parentNode.insertBefore(box, form ? form : spot.nextSibling);
    }
    box.innerHTML = "";
    box.appendChild(document.createElement("p")).textContent = text;
  }

  function again(text) {
    say(text);
    if (subtle) store().catch(() => {});
    timer = setTimeout(send, pause);
    pause = Math.min(2 * pause, 6e4);
  }

  async function send() {
    clearTimeout(timer);
    if (!waiting || busy) return;
    busy = true;
    const sent = waiting;
    const control = new AbortController();
    const limit = setTimeout(() => control.abort(), 1e4);
    const headers = { Accept: "text/plain", "Content-Type": "application/x-www-form-urlencoded" };
    const reply = await fetch(sent.to, { method: "POST", body: sent.body, headers, signal: control.signal }).catch(() => null);
    clearTimeout(limit);
    busy = false;
    if (waiting !== sent) return send();
    if (!reply) return again(said.kept);
    if (reply.status === 429 || reply.status > 499) return again(said.busy);
    const plain = (reply.headers.get("Content-Type") || "").startsWith("text/plain");
    const next = reply.ok && plain ? await reply.text() : "";
    waiting = null;
    if (subtle) localStorage.removeItem(await slot().catch(() => ""));
    if (next.startsWith("/s/")) return location.assign(next);
    // Anything else is the server's own page to show: the form asks for it in the ordinary way.
    if (sent.skipped) form.insertAdjacentHTML("beforeend", '<input type="hidden" name="skipped" value="yes">');
    if (sent.here) form.submit();
  }

  if (form) {
    form.addEventListener("submit", (event) => {
      if (!("submitter" in event)) return;
      const body = new URLSearchParams(new FormData(form));
      const skipped = event.submitter && event.submitter.name === "skipped";
      if (skipped) body.set("skipped", "yes");
      else if (!body.get("answer")) return;
      event.preventDefault();
      waiting = { to: location.pathname, body: String(body), skipped, here: 1 };
      if (box) say(said.sending);
      pause = 2e3;
      send();
    });
  }
  addEventListener("online", () => {
    pause = 2e3;
    send();
  });
  if (subtle) {
    stored().then((found) => {
      if (!found || waiting) return;
      waiting = { ...found, here: 0 };
      say(said.sending);
      send();
    }).catch(() => {});
  }
})();
