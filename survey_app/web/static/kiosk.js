// A shared screen: asks after a while whether somebody is still there, then goes back to the start. Without it the
// page goes back by itself. Pages replace each other in the browser's history, so Back leads nowhere.
(() => {
  const ASKS_BEFORE = 20;
  const box = document.getElementById("idle");
  const done = document.getElementById("done");
  const home = (box ? box.dataset.home : done?.getAttribute("href")) || "";
  if (!home) return;
  const leave = () => location.replace(home);
  // A page that comes back from the browser's memory belongs to somebody who has left.
  addEventListener("pageshow", (shown) => { if (shown.persisted) leave(); });
  history.replaceState(null, "", home);
  if (done) { setTimeout(leave, 1000 * done.dataset.seconds); return; }

  const seconds = Number(box.dataset.seconds);
  const here = document.getElementById("here");
  let asks = 0;
  let wipes = 0;
  const begin = () => {
    clearTimeout(asks);
    clearTimeout(wipes);
    if (box.open) box.close();
    asks = setTimeout(() => box.showModal(), 1000 * (seconds - ASKS_BEFORE));
    wipes = setTimeout(leave, 1000 * seconds);
  };
  for (const sign of ["pointerdown", "keydown", "change"]) addEventListener(sign, begin);
  here.addEventListener("click", begin);
  begin();
})();
