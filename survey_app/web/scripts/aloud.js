// Optional. A button that lets the browser's own voice read the page; it appears only where there is a voice to use.
(() => {
  "use strict";
  const said = document.currentScript.dataset;
  const voice = self.speechSynthesis;
  const main = document.getElementById("maincontent");
  if (!voice || !self.SpeechSynthesisUtterance || !main) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "aloud";
  const show = (reading) => (button.textContent = reading ? said.stop : said.read);
  const parts = () => [...main.querySelectorAll("h1, h2, p, li, label, legend:not(:has(h1))")].map((part) => part.innerText.trim());
  button.addEventListener("click", () => {
    const reading = voice.speaking;
    voice.cancel();
    show(!reading);
    if (reading) return;
    const words = parts().filter(Boolean);
    words.forEach((text, place) => {
      const line = new SpeechSynthesisUtterance(text);
      line.lang = document.documentElement.lang;
      line.rate = 0.9;
      if (place === words.length - 1) line.onend = () => show(false);
      voice.speak(line);
    });
  });
  addEventListener("pagehide", () => voice.cancel());
  show(false);
  main.prepend(button);
})();
