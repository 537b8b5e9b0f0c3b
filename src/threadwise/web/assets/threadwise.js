/* The pages' script: turns clicks and keys into events, keeps the address in step, and looks after focus.

   Python makes all markup and decides everything. An event goes through `send(name, fields)`, which Gradio carries; what
   comes back is put into a region, and `filled(region)` is called. Nothing here makes markup out of text. */
(() => {
  "use strict";

  const page = document.documentElement.dataset.page || "ask";
  const touch = window.matchMedia("(pointer: coarse)").matches;
  const find = (selector, root) => (root || document).querySelector(selector);
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];

  /* Events */

  let trigger = null;
  let uploadFile = null;
  let sent = 0;
  const tab = [...crypto.getRandomValues(new Uint32Array(3))].join("-");
  const early = [];

  function connect(newTrigger, upload, _names) {
    trigger = newTrigger;
    uploadFile = upload;
    document.documentElement.classList.add("ready");
    setTimeout(() => {
      arrive();
      early.splice(0).forEach(([name, fields]) => send(name, fields));
    }, 0);
  }

  function send(name, fields) {
    if (!trigger) early.push([name, fields]);
    else trigger(name, { ...fields, tab, sent: ++sent });
  }

  function announce(text) {
    const place = find("#announce");
    if (place) place.textContent = text;
  }

  /* Arriving, and moving about without loading the page anew */

  function arrive() {
    if (page === "ask") arriveAtAsk();
    if (page === "browse") follow(null);
    if (page === "add") arriveAtAdd();
    setInterval(look, 2000);
  }

  /* Light and dark */

  const looks = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => localStorage.getItem("threadwise-look");
  function applyLook() {
    document.documentElement.dataset.look = chosen() || (looks.matches ? "dark" : "light");
  }
  applyLook();
  looks.addEventListener("change", applyLook);

  /* Ask */

  const conversationKey = "threadwise-conversation";

  function conversation(anew) {
    let id = anew ? null : sessionStorage.getItem(conversationKey);
    if (!id) {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      id = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      sessionStorage.setItem(conversationKey, id);
    }
    return id;
  }

  function arriveAtAsk() {
    const question = new URLSearchParams(location.search).get("q");
    if (question && question.trim()) {
      history.replaceState(null, "", "/");
      ask(question, true);
    } else {
      send("arrive", { conversation: conversation() });
    }
    if (!touch) find("#question")?.focus();
  }

  let asking = false; /* or the number of the question that is being answered */

  function ask(question, anew) {
    if (asking || !question.trim()) return;
    asking = true;
    warned = 0;
    document.body.classList.add("asking");
    closePanel();
    send("ask_question", { question, conversation: conversation(anew) });
  }

  let warned = 0; /* the question whose warning was read out */
  let again = 0;

  function logFilled(region) {
    const talk = find(".conversation", region);
    if (!talk) return;
    if (asking === true && talk.dataset.state === "empty") return; /* the page as it was before the question */
    const turns = Number(talk.dataset.turns);
    document.body.classList.toggle("talking", turns > 0);
    const box = find("#question");
    if (box) box.placeholder = turns > 0 ? "Ask a follow-up, or something else" : "What is going on?";
    const last = find(".turn:last-child", talk);
    clearInterval(again);
    if (talk.dataset.state === "working" && !asking) {
      /* Asked before the page was loaded again: its answer comes to nobody, so look whether it is there. */
      again = setInterval(() => asking || send("arrive", { conversation: conversation() }), 1000);
      return;
    }
    if (last && talk.dataset.state === "working" && asking !== turns) {
      asking = turns; /* once for each question: whoever scrolls on while it is written stays where they are */
      last.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    }
    const warning = last && find(".notice.crisis, .notice.urgent", last);
    if (warning && asking && warned !== turns) {
      warned = turns;
      announce(warning.innerText.trim());
    }
    if (talk.dataset.state !== "working") {
      if (asking && last) {
        const parts = all(".notice.crisis, .notice.urgent, .status, .problem", last);
        announce(parts.map((part) => part.innerText.trim()).join("\n"));
      }
      asking = false;
      document.body.classList.remove("asking");
    }
  }

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function fit(area) {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, window.innerHeight * 0.4)}px`;
  }

  /* The panel beside an answer */

  let cameFrom = null;

  function openPanel(fields, event = "show_thread", label = "Thread") {
    if (!document.body.classList.contains("panel-open")) cameFrom = document.activeElement;
    document.body.classList.add("panel-open");
    const shell = find("#panel");
    shell?.setAttribute("role", "dialog");
    shell?.setAttribute("aria-label", label);
    shell?.classList.add("loading-panel");
    send(event, fields);
  }

  function closePanel() {
    if (!document.body.classList.contains("panel-open")) return;
    document.body.classList.remove("panel-open");
    cameFrom?.isConnected && cameFrom.focus();
    all(".cite.on").forEach((mark) => mark.classList.remove("on"));
  }

  function showSpot(region) {
    const place = find("mark", region) || find(".post.here", region);
    if (!place) return false;
    place.scrollIntoView({ block: "center" });
    return true;
  }

  function panelFilled(region) {
    const shell = find("#panel");
    shell?.classList.remove("loading-panel");
    if (!document.body.classList.contains("panel-open")) return;
    if (!showSpot(region)) shell?.scrollTo(0, 0);
    find(".panel-bar .close", shell)?.focus({ preventScroll: true });
  }

  /* Browse: the address says what is shown */

  const listFields = ["q", "tag", "order", "page"];
  const threadFields = ["thread", "post", "start", "end", "from"];
  let shown = null;

  function fieldsOf(search) {
    const given = new URLSearchParams(search);
    return Object.fromEntries([...listFields, ...threadFields].map((name) => [name, given.get(name) || ""]));
  }

  function go(changes) {
    const fields = { ...fieldsOf(location.search), ...changes };
    const given = Object.entries(fields).filter(([name, value]) => value && !(name === "order" && value === "newest"));
    const search = new URLSearchParams(given).toString();
    history.pushState(null, "", search ? `/browse?${search}` : "/browse");
    follow(shown);
  }

  function follow(before) {
    const now = fieldsOf(location.search);
    const changed = (names) => !before || names.some((name) => before[name] !== now[name]);
    shown = now;
    document.body.classList.toggle("reading", Boolean(now.thread));
    document.body.classList.toggle("searching", Boolean(now.q));
    const box = find("#search-text");
    if (box && document.activeElement !== box) box.value = now.q;
    const order = find("#order");
    if (order) order.value = now.order || "newest";
    if (changed(listFields)) send("list_threads", now);
    else markCurrent();
    if (changed(threadFields)) {
      find("#reader")?.classList.toggle("busy", Boolean(now.thread));
      send("show_thread", now);
    }
  }

  function markCurrent() {
    all("#listing .item a").forEach((link) => {
      if (link.dataset.thread === shown?.thread) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  let spotShown = "";

  function readerFilled(region) {
    region.closest("#reader")?.classList.remove("busy");
    const reader = find(".reader", region);
    const key = `${shown?.thread}/${shown?.post}/${shown?.start}/${shown?.from}`;
    if (!reader || key === spotShown) return;
    spotShown = key;
    const pane = find("#reader");
    pane?.scrollTo(0, 0);
    if (!showSpot(region) && window.innerWidth < 1000) window.scrollTo(0, 0);
    document.title = `${find("h2", reader)?.textContent || "Browse"} · Threadwise`;
    if (document.body.classList.contains("moved")) find("h2", reader)?.focus({ preventScroll: true });
  }

  /* Add */

  function arriveAtAdd() {
    const edit = new URLSearchParams(location.search).get("edit");
    document.body.classList.toggle("editing", Boolean(edit));
    if (edit) send("edit_thread", { edit });
    else if (find("#paste-text")?.value.trim()) preview();
  }

  const largestPaste = 8_000_000;

  function preview() {
    const text = find("#paste-text").value;
    if (text.length > largestPaste) {
      tell("The text is too long to paste; save it and choose it as a file.");
      return;
    }
    send("preview_text", { text });
  }

  function draftForm() {
    const view = find(".draft-view");
    if (!view) return {};
    const value = (root, name) => find(`[name="${name}"]`, root)?.value ?? "";
    return {
      title: value(view, "title"),
      tags: value(view, "tags"),
      posts: all("li[data-post]", view).map((post) => ({
        id: post.dataset.post,
        author: value(post, "author"),
        role: value(post, "role"),
        text: value(post, "text"),
      })),
    };
  }

  function draftFilled(region) {
    /* A field keeps what was typed into it; after a change its markup is what counts. */
    all("input[name]", region).forEach((field) => (field.value = field.getAttribute("value") || ""));
    all("textarea", region).forEach((field) => {
      field.value = field.defaultValue;
      fit(field);
    });
    all("select", region).forEach((field) => {
      const on = find("option[selected]", field);
      if (on) field.value = on.value;
    });
    document.body.classList.toggle("saved", Boolean(find(".saved", region)));
    document.body.classList.remove("sending");
    if (fileSent && region.firstElementChild && !find("progress", region)) {
      fileSent = false; /* what became of a file lies below the fold of a narrow screen */
      region.scrollIntoView({ block: "start" });
    }
    find(".saved", region)?.scrollIntoView({ block: "nearest" });
    find(".draft-view .problem", region)?.scrollIntoView({ block: "center" });
  }

  function tell(sentence) {
    find("[data-file-note]").textContent = sentence;
  }

  let fileSent = false;

  async function takeFile(file) {
    if (!file || !uploadFile) return;
    const largest = Number(find("[data-file]").dataset.largestMb);
    if (file.size > largest * 1_000_000) {
      const size = Math.ceil(file.size / 1_000_000).toLocaleString("en");
      tell(
        `${file.name} has ${size} MB; the page takes ${largest}. On the command line, ` +
          "threadwise import takes files of any size.",
      );
      return;
    }
    tell("");
    fileSent = true;
    document.body.classList.add("sending");
    announce(`Reading ${file.name}`);
    try {
      const { path } = await uploadFile(file);
      send("examine_file", { path });
    } catch (error) {
      document.body.classList.remove("sending");
      tell(`${file.name} could not be sent. Is Threadwise still running? Nothing was changed; try again.`);
    }
  }

  function act(button) {
    const name = button.dataset.act;
    if (name === "clear") {
      const area = find("#paste-text");
      if (area) area.value = "";
      document.body.classList.remove("saved");
      if (location.search) location.assign("/add");
      else send("preview_text", { text: "" });
      area?.focus();
    } else if (name === "save") {
      send("save_draft", { form: draftForm() });
    } else if (name === "import") {
      send("import_file", { token: button.dataset.token });
    } else {
      const post = button.closest("li[data-post]");
      const area = find("textarea", post);
      send("change_draft", { act: name, post: post.dataset.post, at: area.selectionStart, form: draftForm() });
    }
  }

  /* What changed elsewhere, and whether anybody is there */

  let generation = null;

  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch("/threadwise/state", { cache: "no-store" });
      const state = await answer.json();
      find("#offline").hidden = true;
      if (generation !== null && state.generation !== generation) changedElsewhere();
      generation = state.generation;
    } catch {
      find("#offline").hidden = false;
    }
  }

  function changedElsewhere() {
    if (page === "browse") send("list_threads", shown);
    if (page === "ask" && find('.conversation[data-state="empty"]')) send("arrive", { conversation: conversation() });
  }

  /* Regions */

  const fillers = { log: logFilled, panel: panelFilled, reader: readerFilled, listing: markCurrent, draft: draftFilled };

  function filled(name, element) {
    fillers[name]?.(element);
  }

  /* Clicks */

  const plain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

  async function copy(button, text) {
    try {
      await navigator.clipboard.writeText(text);
      button.classList.add("done");
      announce("Copied");
      setTimeout(() => button.classList.remove("done"), 1600);
    } catch {
      announce("This browser does not allow copying.");
    }
  }

  function insert(text, field) {
    if (!field) return;
    const before = field.value.trimEnd();
    field.value = `${before}${before ? " " : ""}${text}`;
    field.focus();
    const value = text.startsWith("-") ? 1 : text.startsWith('"') ? 1 : text.indexOf(":") + 1;
    const end = field.value.length - (text.endsWith('"') ? 1 : 0);
    field.setSelectionRange(field.value.length - text.length + value, end); /* what is to be typed over */
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function openThread(link, event) {
    const { thread, post, start, end } = link.dataset;
    if (page === "add") return;
    event.preventDefault();
    if (page === "ask") {
      all(".cite.on").forEach((mark) => mark.classList.remove("on"));
      if (link.classList.contains("cite")) link.classList.add("on");
      openPanel({ thread, post, start, end });
    } else {
      document.body.classList.add("moved");
      go({ thread, post: post || "", start: start || "", end: end || "", from: "" });
    }
  }

  document.addEventListener("click", (event) => {
    const sheet = find("details.filters[open]");
    if (sheet && !sheet.contains(event.target)) sheet.open = false;
    const target = event.target.closest("a, button, [data-copy]");
    if (!target || !plain(event)) return;
    const data = target.dataset;
    if ("look" in data) {
      const next = document.documentElement.dataset.look === "dark" ? "light" : "dark";
      localStorage.setItem("threadwise-look", next);
      applyLook();
    } else if ("ask" in data) ask(data.ask);
    else if ("fresh" in data) {
      closePanel();
      asking = false;
      document.body.classList.remove("asking");
      send("arrive", { conversation: conversation(true) });
      find("#question")?.focus();
    } else if ("keep" in data) {
      if (asking) announce("Wait until the answer is there.");
      else send("keep_answer", { conversation: conversation(), number: data.keep });
    }
    else if ("kept" in data) openPanel({ kept: data.kept }, "show_kept", "Kept answers");
    else if ("dropKept" in data)
      openPanel({ kept: data.dropKept, conversation: conversation() }, "drop_kept", "Kept answers");
    else if ("stop" in data) send("stop_answer", { conversation: conversation() });
    else if ("insert" in data) insert(data.insert, find(`#${CSS.escape(data.into)}`));
    else if ("copy" in data) copy(target, data.copy);
    else if ("copylink" in data) {
      event.preventDefault();
      copy(target, target.href);
    } else if ("jump" in data) {
      event.preventDefault();
      const place = find(`#${CSS.escape(data.jump)}`, target.closest("article"));
      place?.setAttribute("tabindex", "-1");
      place?.focus();
      place?.scrollIntoView({ block: "center" });
    } else if ("close" in data) closePanel();
    else if ("back" in data) go(Object.fromEntries(threadFields.map((name) => [name, ""])));
    else if ("delete" in data) confirmDelete(data.delete, data.title);
    else if (data.do === "show_thread") {
      if (page === "browse") go({ thread: data.thread, post: "", start: "", end: "", from: data.from });
      else send("show_thread", { thread: data.thread, from: data.from });
    } else if ("act" in data) act(target);
    else if (page === "browse" && "tag" in data) {
      event.preventDefault();
      go({ tag: data.tag, page: "" });
    } else if (page === "browse" && "page" in data) {
      event.preventDefault();
      go({ page: data.page === "1" ? "" : data.page });
      find("#listing")?.scrollTo(0, 0);
    } else if ("thread" in data && target.tagName === "A") openThread(target, event);
  });

  function confirmDelete(thread, title) {
    const dialog = find("#confirm");
    find("#confirm-text").textContent = title;
    dialog.returnValue = "no";
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "yes") return;
        history.replaceState(null, "", "/browse");
        shown = fieldsOf("");
        document.body.classList.remove("reading");
        send("delete_thread", { thread });
      },
      { once: true },
    );
    dialog.showModal();
  }

  /* Forms and keys */

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-form]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.form === "ask") {
      const box = find("#question");
      if (!asking && box.value.trim()) {
        ask(box.value);
        box.value = "";
        fit(box);
        if (touch) box.blur();
      }
    } else if (form.dataset.form === "search") {
      go({ q: find("#search-text").value.trim(), page: "" });
    }
  });

  let typing = 0;

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.id === "question") fit(field);
    if (field.closest(".posts.edit") && field.tagName === "TEXTAREA") fit(field);
    clearTimeout(typing);
    if (field.id === "paste-text") typing = setTimeout(preview, 350);
    if (field.id === "search-text") typing = setTimeout(() => go({ q: field.value.trim(), page: "" }), 450);
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "order") go({ order: event.target.value, page: "" });
    if ("file" in event.target.dataset) {
      takeFile(event.target.files[0]);
      event.target.value = "";
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !find("#confirm")?.open) {
      const open = find("details.filters[open]");
      if (open) {
        open.open = false;
        find("summary", open).focus();
      } else closePanel();
    }
    if (event.target.id === "question" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
    const typingNow = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typingNow && !event.ctrlKey && !event.metaKey) {
      const box = find("#question") || find("#search-text");
      if (box) {
        event.preventDefault();
        box.focus();
      }
    }
  });

  window.addEventListener("popstate", () => page === "browse" && follow(shown));

  for (const name of ["dragover", "drop", "dragleave"]) {
    document.addEventListener(name, (event) => {
      const area = find("[data-drop]");
      if (!area || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      area.classList.toggle("over", name === "dragover");
      if (name === "drop") takeFile(event.dataTransfer.files[0]);
    });
  }

  window.threadwise = { connect, filled };
})();
