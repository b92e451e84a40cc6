// Asks a phone or a security key for a passkey, and sends what it says with the form. Without it codes are typed.
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;
  const says = form.querySelector("[data-passkey-says]");
  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const described = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

  const ask = async () => {
    const told = JSON.parse(form.dataset.told);
    const options = { ...told, challenge: toBytes(told.challenge) };
    if (form.dataset.passkey === "create") {
      options.user = { ...told.user, id: toBytes(told.user.id) };
      options.excludeCredentials = described(told.excludeCredentials);
      return navigator.credentials.create({ publicKey: options });
    }
    options.allowCredentials = described(told.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  };

  const written = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response });
  };

  form.hidden = false;
  document.querySelector("[data-passkey-none]").remove();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    says.textContent = "Waiting for your device ...";
    try {
      form.elements.reply.value = written(await ask());
      form.submit();
    } catch (fault) {
      says.textContent = fault.name === "InvalidStateError"
        ? "That device has a passkey here already."
        : "Your device did not answer, or you stopped it. Press again to retry.";
    }
  });
})();
