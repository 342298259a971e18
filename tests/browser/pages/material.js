// What the widgets see of Material for MkDocs: `document$`, which replays the last document to whoever subscribes,
// and instant navigation, which changes the address first and then swaps the container.
(() => {
  const subscribers = [];
  let last;
  const emit = () => {
    last = document;
    for (const work of subscribers) work(document);
  };
  window.document$ = {
    subscribe(work) {
      subscribers.push(work);
      if (last) work(last);
    },
  };
  document.addEventListener("DOMContentLoaded", emit);

  const swap = async () => {
    const html = await (await fetch(location.href)).text();
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const name = "[data-md-component=container]";
    document.querySelector(name).replaceWith(fresh.querySelector(name));
    emit();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.origin !== location.origin || link.download || link.protocol === "blob:") return;
    event.preventDefault();
    if (link.pathname !== location.pathname) {
      history.pushState(null, "", link.href);
      swap();
    } else history.replaceState(null, "", link.href);
  });
  addEventListener("popstate", swap);
})();
