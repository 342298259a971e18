// On every page that the development server serves: loads the page anew when it has changed, and
// shows what keeps it from changing.
{
  const page = () => decodeURIComponent(location.pathname).replace(/^\//, "").replace(/index\.html$/, "")
  let version = Number(document.currentScript.dataset.version)
  let asked

  const layOver = html => {
    const there = document.querySelector("aside.rm-overlay")
    if ((there?.outerHTML ?? "") === html) return
    there?.remove()
    document.body.insertAdjacentHTML("beforeend", html)
  }

  // Only the page in sight asks: a browser has few connections to a server.
  const listen = async () => {
    asked?.abort()
    const { signal } = (asked = new AbortController())
    while (document.visibilityState === "visible" && !signal.aborted) {
      try {
        const answer = await fetch(`/livereload/${version}${location.pathname}`, { signal })
        const news = await answer.json()
        if (!news.pages || news.pages.includes(page())) return location.reload()
        version = news.version
        layOver(news.overlay)
      } catch {
        // The server has ended, and may come back.
        await new Promise(resolve => setTimeout(resolve, 1000))
      }
    }
  }

  addEventListener("visibilitychange", listen)
  addEventListener("pagehide", () => asked?.abort())
  addEventListener("pageshow", listen)
}
