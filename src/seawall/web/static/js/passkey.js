// Makes and uses passkeys. The page says that this needs scripts; its other ways to sign in do not.
const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function send(address, fields) {
  const headers = { Accept: "application/json" };
  if (document.body.dataset.csrf) headers["X-CSRF-Token"] = document.body.dataset.csrf;
  const answer = await fetch(address, { method: "POST", headers, body: new URLSearchParams(fields) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.title);
  return told;
}

function prepared(options) {
  const keys = (list) => (list || []).map((one) => ({ ...one, id: decode(one.id) }));
  const ready = { ...options, challenge: decode(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: decode(options.user.id) };
  if (options.excludeCredentials) ready.excludeCredentials = keys(options.excludeCredentials);
  if (options.allowCredentials) ready.allowCredentials = keys(options.allowCredentials);
  return ready;
}

function told(credential) {
  const { response } = credential;
  const fields = { clientDataJSON: encode(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) fields[name] = encode(response[name]);
  }
  if (response.getTransports) fields.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    response: fields,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function run(form) {
  const { begin, kind } = form.dataset;
  const { options, challenge } = await send(begin, {});
  const publicKey = prepared(options);
  const credential =
    kind === "make" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
  const fields = Object.fromEntries(new FormData(form));
  const { next } = await send(form.action, { ...fields, challenge, credential: told(credential) });
  location.assign(next);
}

for (const form of document.querySelectorAll("form.passkey")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[role=alert]");
    problem.textContent = "";
    try {
      await run(form);
    } catch (error) {
      problem.textContent = error.name === "NotAllowedError" ? form.dataset.cancelled : error.message;
    }
  });
}
