// Keeps the figures of an open page up to date. Without it the line it fills says to reload the page.
(() => {
  const line = document.getElementById("live");
  if (!line) return;
  const { address, on, off } = line.dataset;
  const EACH_MS = 1000;
  const LONGEST_MS = 60000;
  let etag = `"${line.dataset.stamp}"`;
  let pause = EACH_MS;
  let timer = 0;
  let asking = false;
  let ended = false;

  const say = (words) => { if (line.textContent !== words) line.textContent = words; };

  const later = () => {
    clearTimeout(timer);
    // Jitter: pages that were opened together must not ask together.
    if (!ended && !document.hidden) timer = setTimeout(look, pause * (0.8 + 0.4 * Math.random()));
  };

  const look = async () => {
    if (asking || ended || document.hidden) return;
    clearTimeout(timer);
    asking = true;
    try {
      const reply = await fetch(address, {
        headers: { "If-None-Match": etag }, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(15000),
      });
      if (reply.status === 200) {
        await show(await reply.text());
        etag = reply.headers.get("ETag") ?? etag;
      } else if (reply.status !== 304) {
        // Signed out, or no longer ours to see: asking again would not help.
        ended = reply.status < 429;
        throw new Error(`reply ${reply.status}`);
      }
      pause = EACH_MS;
      say(on);
    } catch {
      pause = Math.min(2 * pause, LONGEST_MS);
      say(off);
    }
    asking = false;
    later();
  };

  const show = async (html) => {
    const parts = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-part]")];
    const changed = parts.filter((part) => !part.hasAttribute("data-quiet")).filter(swap);
    const told = changed.map((part) => part.querySelector("[data-told]")).find(Boolean);
    if (changed.length) document.getElementById("live-news").textContent = `${line.dataset.news} ${told?.textContent ?? ""}`;
    // Pictures last: they take a moment to load, and the words must not wait for them.
    await Promise.all(parts.filter((part) => part.hasAttribute("data-quiet")).map(swapPicture));
  };

  const present = (part) => document.querySelector(`[data-part="${part.dataset.part}"]`);

  const swap = (part) => {
    const old = present(part);
    if (!old || old.isEqualNode(part)) return false;
    put(old, document.importNode(part, true));
    return true;
  };

  const swapPicture = async (part) => {
    const old = present(part);
    if (!old || old.isEqualNode(part)) return;
    const behind = old.querySelector("[data-behind]");
    if (behind && part.hasAttribute("data-pending")) {
      behind.hidden = false; // an older picture that says so is better than none
      return;
    }
    const fresh = document.importNode(part, true);
    await Promise.all([...fresh.querySelectorAll("img")].map((image) => image.decode().catch(() => {})));
    put(old, fresh);
  };

  const put = (old, fresh) => {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const aside = [...old.querySelectorAll(".app-scroll")].map((box) => box.scrollLeft);
    old.replaceWith(fresh);
    fresh.querySelectorAll(".app-scroll").forEach((box, number) => { box.scrollLeft = aside[number] ?? 0; });
    if (!focused) return;
    const same = (one) => ["href", "aria-label"].every((name) => one.getAttribute(name) === focused.getAttribute(name));
    [...fresh.querySelectorAll("a, [tabindex]")].find(same)?.focus({ preventScroll: true });
  };

  document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(timer); else look(); });
  say(on);
  later();
})();
