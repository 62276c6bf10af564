/* The form under a comment: "Report this comment". One script tag, and one attribute a comment:

   <script defer src="https://reports.courier.example/report.js" data-site="courier"></script>
   <form method="post" action="https://reports.courier.example/report/courier">
     <button name="ticket" value="..." data-report>Report this comment</button>
   </form>

   Without JavaScript that button leads to a page that does the same. Needs nothing but a browser;
   keeps one random id in this browser, so that a reader is not counted twice, and which comments
   were reported in it, so that the button says so. */
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || customElements.get("report-comment")) return;
  const base = new URL(".", script.src).href.replace(/\/$/, "");
  const site = script.dataset.site;
  const lang = script.dataset.lang || document.documentElement.lang || "";
  const api = `${base}/v1/sites/${encodeURIComponent(site)}`;
  const STYLE = `
    :host { font: inherit; }
    dialog { font: inherit; color: CanvasText; background: Canvas; color-scheme: light dark; border: 1px solid GrayText;
      border-radius: .375rem; padding: 0; inline-size: min(34rem, calc(100vw - 1.5rem)); max-block-size: calc(100dvh - 1.5rem); }
    dialog::backdrop { background: rgb(0 0 0 / .5); }
    .box { padding: 1.125rem; }
    h2 { font-size: 1.25em; line-height: 1.25; margin: 0 0 .5rem; }
    p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
    fieldset { border: 0; margin: 0 0 1rem; padding: 0; }
    legend, .field { font-weight: bold; padding: 0; display: block; margin-block-end: .25rem; }
    .rule { display: flex; gap: .75rem; align-items: flex-start; min-block-size: 44px; padding-block: .5rem; cursor: pointer;
      border-block-end: 1px solid GrayText; box-sizing: border-box; }
    .rule input { inline-size: 20px; block-size: 20px; margin: .125rem 0 0; flex: none; }
    small { display: block; opacity: .8; }
    textarea { font: inherit; inline-size: 100%; box-sizing: border-box; padding: .5rem; color: FieldText; background: Field;
      border: 1px solid GrayText; border-radius: .25rem; }
    .buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0 0; }
    button, .link { font: inherit; min-block-size: 44px; min-inline-size: 44px; padding: .5rem 1rem; border-radius: .25rem;
      border: 1px solid GrayText; background: ButtonFace; color: ButtonText; cursor: pointer; box-sizing: border-box; }
    .link { display: inline-flex; align-items: center; color: LinkText; background: none; }
    .more { padding: 0 1.125rem 1.125rem; }
    .more .link { border: 0; padding-inline: 0; text-align: start; text-decoration: underline; }
    .first { font-weight: bold; border-width: 2px; border-color: currentColor; }
    :focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
    .error { border-inline-start: 4px solid #c00; padding-inline-start: .75rem; }
    [hidden] { display: none; }`;

  let asked;
  const ask = () => asked ||= fetch(`${api}/form?lang=${encodeURIComponent(lang)}`, { credentials: "omit", referrerPolicy: "no-referrer" })
    .then((answer) => answer.ok ? answer.json() : Promise.reject(new Error(answer.status)))
    .catch((error) => { asked = undefined; throw error; });

  const reader = () => {
    const key = "comment-desk-reader";
    try {
      let id = localStorage.getItem(key);
      if (!/^[0-9a-f]{32}$/.test(id || "")) {
        id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
        localStorage.setItem(key, id);
      }
      return id;
    } catch { return ""; }
  };

  /* Which comments this browser has reported: site, reader, comment and text, as the ticket says. */
  const KEPT = "comment-desk-reported", MOST = 200;
  const kept = () => { try { return JSON.parse(localStorage.getItem(KEPT)) || []; } catch { return []; } };
  const keyOf = (ticket) => {
    try {
      const { site, reader, comment } = JSON.parse(atob(ticket.split(".")[0].replace(/-/g, "+").replace(/_/g, "/")));
      return [site, reader || "", comment.id, comment.revision || ""].join(" ");
    } catch { return ""; }
  };
  const remember = (ticket) => {
    const key = keyOf(ticket);
    try { if (key) localStorage.setItem(KEPT, JSON.stringify([...kept().filter((one) => one !== key), key].slice(-MOST))); } catch { /* kept nowhere */ }
  };
  const ticketOf = (from) => from.dataset.report || from.value;
  const close = (from, words) => {
    const text = make("span", { textContent: words.reported, className: from.className, tabIndex: -1 });
    text.dataset.reported = "";
    from.replaceWith(text);
    return text;
  };
  const mark = async () => {
    const before = new Set(kept());
    const known = before.size ? [...document.querySelectorAll("[data-report]")].filter((from) => before.has(keyOf(ticketOf(from) || ""))) : [];
    if (!known.length || document.querySelector("report-comment")) return;
    const { words } = await ask();
    for (const from of known) if (from.isConnected) close(from, words);
  };

  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  class ReportComment extends HTMLElement {
    #root = this.attachShadow({ mode: "open" });

    async show(ticket) {
      const form = await ask();
      const words = form.words;
      const style = new CSSStyleSheet();
      style.replaceSync(STYLE);
      this.#root.adoptedStyleSheets = [style];
      const dialog = make("dialog", { lang: form.lang, dir: form.dir });
      dialog.setAttribute("aria-labelledby", "title");
      this.#root.replaceChildren(dialog);
      dialog.addEventListener("close", () => {
        this.remove();
        this.dispatchEvent(new Event("closed"));
      });
      dialog.append(this.#form(form, words, ticket, dialog), this.#more(form, words, ticket));
      dialog.showModal();
    }

    #form(form, words, ticket, dialog) {
      const about = make("p", {}, words.about);
      if (form.rules_url && /^https?:/.test(form.rules_url)) {
        about.append(" ", make("a", { href: form.rules_url, target: "_blank", rel: "noopener noreferrer" }, words.rules));
      }
      const error = make("p", { className: "error", id: "error", hidden: true });
      error.setAttribute("role", "alert");
      const rules = make("fieldset", {}, make("legend", {}, words.which), ...form.rules.map((rule) =>
        make("label", { className: "rule" },
          make("input", { type: "radio", name: "reason", value: rule.code }),
          make("span", {}, make("b", {}, rule.name), make("small", {}, rule.text)))));
      const label = make("label", { className: "field", htmlFor: "note" }, words.note);
      const note = make("textarea", { id: "note", name: "note", rows: 3, maxLength: 500 });
      note.setAttribute("aria-describedby", "help");
      rules.addEventListener("change", () => {
        const other = rules.querySelector("input:checked").value === "other";
        label.textContent = other ? words.note_needed : words.note;
        note.required = other;
      });
      const send = make("button", { className: "first" }, words.send);
      const cancel = make("button", { type: "button", onclick: () => dialog.close() }, words.cancel);
      const fields = make("form", { className: "box", noValidate: true },
        make("h2", { id: "title" }, words.title), about, error, rules, label, note,
        make("small", { id: "help" }, words.note_help), make("p", { className: "buttons" }, send, cancel));
      const fail = (words, at) => {
        error.textContent = words;
        error.hidden = false;
        for (const one of [rules, note]) one.removeAttribute("aria-invalid");
        (at === note ? note : rules).setAttribute("aria-invalid", "true");
        (at === note ? note : rules.querySelector("input")).focus();
      };
      fields.addEventListener("submit", async (event) => {
        event.preventDefault();
        const reason = rules.querySelector("input:checked")?.value;
        if (!reason) return fail(words.choose, rules);
        if (reason === "other" && !note.value.trim()) return fail(words.say, note);
        send.disabled = true;
        send.textContent = words.sending;
        try {
          const answer = await fetch(`${api}/reports?lang=${encodeURIComponent(form.lang)}`, {
            method: "POST", credentials: "omit", referrerPolicy: "no-referrer",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ ticket, reason, note: note.value, reader: reader(), referrer: document.referrer }),
          });
          const said = await answer.json();
          if (answer.status === 201) return this.#thank(said, words, dialog);
          fail(words[said.error] || words.failed, said.field === "note" ? note : rules);
        } catch { fail(words.failed, rules); }
        send.disabled = false;
        send.textContent = words.send;
      });
      return fields;
    }

    #more(form, words, ticket) {
      const hidden = (name, value) => make("input", { type: "hidden", name, value });
      return make("form", { className: "more", method: "post", action: `${base}/notices`, target: "_blank", rel: "noopener noreferrer" },
        hidden("ticket", ticket), hidden("lang", form.lang), make("button", { className: "link" }, words.notices));
    }

    #thank(said, words, dialog) {
      const thanks = make("p", {}, words.thanks);
      thanks.setAttribute("role", "status");
      const close = make("button", { type: "button", className: "first", onclick: () => dialog.close() }, words.close);
      dialog.replaceChildren(make("div", { className: "box" },
        make("h2", { id: "title", tabIndex: -1 }, words.title), thanks,
        make("p", {}, words.reference.replace("{reference}", said.reference)),
        make("p", {}, make("a", { className: "link", href: said.url, target: "_blank", rel: "noopener noreferrer" }, words.follow)),
        make("small", {}, words.keep), make("p", { className: "buttons" }, close)));
      close.focus();
      this.dispatchEvent(new CustomEvent("comment-reported", { bubbles: true, composed: true, detail: { reference: said.reference } }));
    }
  }
  customElements.define("report-comment", ReportComment);

  document.addEventListener("click", async (event) => {
    const from = event.target.closest?.("[data-report]");
    const ticket = from && ticketOf(from);
    if (!ticket) return;
    event.preventDefault();
    const element = document.createElement("report-comment");
    from.after(element);
    try {
      await element.show(ticket);
      element.addEventListener("comment-reported", () => {
        remember(ticket);
        from.dispatchEvent(new CustomEvent("comment-reported", { bubbles: true }));
      });
      element.addEventListener("closed", () => {
        if (kept().includes(keyOf(ticket)) && from.isConnected) ask().then(({ words }) => close(from, words).focus());
      });
    } catch {
      element.remove();
      from.form?.submit ? from.form.requestSubmit ? submit(from) : from.form.submit() : undefined;
    }
  });

  /* The page that works without JavaScript also works without the desk's answer to it. */
  const submit = (from) => {
    const ticket = make("input", { type: "hidden", name: "ticket", value: from.value });
    from.form.append(ticket);
    from.form.submit();
  };

  /* Now, and whenever a site has drawn its comments, or some of them, anew. */
  let marking = false;
  const soon = () => {
    if (marking) return;
    marking = true;
    setTimeout(() => { marking = false; mark().catch(() => watch.disconnect()); }, 50);
  };
  const watch = new MutationObserver(soon);
  watch.observe(document.documentElement, { childList: true, subtree: true });
  soon();
})();
