// Keeps the call on one page, speaks what is said and takes keys of the keyboard; without it, plain forms do the same.
(() => {
  const voice = window.speechSynthesis;
  const call = () => document.getElementById("call");
  const lines = () => [...document.querySelectorAll("#lines li")];
  const toEnd = () => { const log = document.getElementById("lines"); log.scrollTop = log.scrollHeight; };
  let aloud = null;

  const speak = (from) => {
    if (!aloud || !aloud.checked) return;
    voice.cancel();
    for (const line of lines().slice(from)) {
      if (line.dataset.who !== "us") continue;
      const said = new SpeechSynthesisUtterance(line.querySelector(".call__words").textContent);
      said.lang = line.dataset.language;
      said.rate = (parseFloat(line.dataset.rate) || 100) / 100;
      voice.speak(said);
    }
  };

  const take = (html, { whole }) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    document.getElementById("list").replaceWith(page.getElementById("list"));
    if (whole) { call().replaceWith(page.getElementById("call")); toEnd(); }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (!form.closest("#call")) return;
    event.preventDefault();
    if (voice) voice.cancel();
    const sent = new URLSearchParams(new FormData(form));
    if (button && button.name) sent.set(button.name, button.value);
    const before = lines().length, label = button ? button.textContent : "";
    try {
      const reply = await fetch(form.action, { method: "POST", body: sent });
      if (!reply.ok) throw new Error(reply.status);
      history.replaceState(null, "", reply.url);
      take(await reply.text(), { whole: true });
      const again = [...call().querySelectorAll("button")].find((other) => other.textContent === label);
      (again || document.getElementById("lines")).focus({ preventScroll: true });
      speak(before);
    } catch { form.submit(); }
  });

  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = [...document.querySelectorAll(".call__key")].find((one) => one.value === event.key);
    if (key) { event.preventDefault(); key.click(); }
  });

  if (voice) {
    const label = document.createElement("label");
    label.className = "call__aloud";
    label.innerHTML = '<input type="checkbox" checked> Speak aloud what is said';
    aloud = label.querySelector("input");
    aloud.addEventListener("change", () => voice.cancel());
    document.querySelector(".sim").before(label);
  }
  toEnd();
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (reply.ok) take(await reply.text(), { whole: false });
    } catch { /* the service is restarting: the next look will do */ }
  }, 2000);
})();
