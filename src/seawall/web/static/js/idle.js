// Warns a minute before the session ends for idleness, and keeps it when the person says so. A page on which something
// was written stays as it is when the session has ended; any other goes to the sign-in page, so that nobody reads it.
const WARNING_SECONDS = 60;

const somethingIsWritten = () =>
  [...document.querySelectorAll("textarea, input[type=text]")].some((one) => one.value !== one.defaultValue);

export function warnBeforeIdle(idleSeconds, stayAddress, csrf) {
  const dialog = document.getElementById("idle");
  const button = document.getElementById("stay");
  let timer;

  const restart = () => {
    dialog.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(warn, (idleSeconds - WARNING_SECONDS) * 1000);
  };

  const warn = () => {
    dialog.hidden = false;
    button.focus();
    timer = setTimeout(end, (WARNING_SECONDS + 5) * 1000);
  };

  const end = () => {
    if (!somethingIsWritten()) {
      location.replace(location.href);
      return;
    }
    document.getElementById("idle-title").hidden = true;
    document.getElementById("idle-over").hidden = false;
    button.hidden = true;
  };

  button.addEventListener("click", async () => {
    const answer = await fetch(stayAddress, { method: "POST", redirect: "manual", headers: { "X-CSRF-Token": csrf } });
    if (answer.ok) restart();
    else end();
  });

  document.addEventListener("htmx:afterRequest", restart);
  restart();
}
