// Fetches the page again and shows new texts; without it, the Refresh link does the same.
(() => {
  const texts = document.getElementById("texts");
  const toEnd = () => { texts.scrollTop = texts.scrollHeight; };
  toEnd();
  if (!document.getElementById("body")) return;
  const look = async () => {
    if (document.hidden) return;
    try {
      const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!reply.ok) return;
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const fresh = page.getElementById("texts");
      if (fresh && fresh.querySelectorAll("li").length !== texts.querySelectorAll("li").length) {
        texts.replaceChildren(...fresh.childNodes);
        toEnd();
      }
    } catch { /* the service is restarting: the next look will do */ }
  };
  setInterval(look, 1500);
  document.getElementById("body").focus({ preventScroll: true });
})();
