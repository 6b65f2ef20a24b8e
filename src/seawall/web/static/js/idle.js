// Warns a minute before the session ends for idleness, and keeps it when the person says so.
const WARNING_SECONDS = 60;

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
    timer = setTimeout(() => location.reload(), (WARNING_SECONDS + 5) * 1000);
  };

  button.addEventListener("click", async () => {
    const answer = await fetch(stayAddress, { method: "POST", headers: { "X-CSRF-Token": csrf } });
    if (answer.ok) restart();
    else location.reload();
  });

  document.addEventListener("htmx:afterRequest", restart);
  restart();
}
