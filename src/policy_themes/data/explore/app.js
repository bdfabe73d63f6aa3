// The explorer's page: what is looked at is one object, `view`; every panel is an answer to a question about it.
// No text of a document is ever markup: everything is set as text. Nothing is loaded from anywhere.

const PANELS = ["trend", "map", "ranking", "grid"]; // in the order in which they are asked for
const SELECTION = { first: null, last: null, regions: [], outlet: "", institution: "", kind: "", year: null, region: "" };
const DEFAULTS = {
  ...SELECTION, lang: "en", language: "zh", theme: "", facet: "", phrase: "", measure: "headline", against: null,
  panel: "", document: "", topic: null, weight: 0.6, sort: "text", removed: false, page: 1, narrow: false,
};
const POLL = 1200; // milliseconds between questions whose answer is being computed
const LET_IN = "Open the address that the terminal printed · 请打开终端中给出的地址"; // before there are words to choose from
const ROOM = 720; // pixels; in less of them the letters of a picture for a whole page are too small to be read

/** Build an element: attributes, listeners (`onclick`), children as nodes or text. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = value;
    else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** What differs from an untouched view: what is sent, shared and put into the address. */
function content(view) {
  const found = {};
  for (const [name, value] of Object.entries(view)) {
    if (name === "against" && value) {
      found.against = Object.fromEntries(Object.entries(value).filter(([key, own]) => !same(own, SELECTION[key])));
    } else if (!same(value, DEFAULTS[name])) found[name] = value;
  }
  return found;
}

/**
 * The same as the query of an address, as the library reads it. The language of the interface is always named, for
 * without it the browser's own would be taken; the width is never: it is that of whoever opens the address.
 */
function address(view) {
  const query = new URLSearchParams({ lang: view.lang });
  for (const [name, value] of Object.entries(content(view))) {
    if (name === "lang" || name === "narrow") continue;
    if (name === "against") {
      for (const [key, own] of Object.entries(value)) query.append(`against.${key}`, String(own));
    } else query.append(name, String(value));
  }
  return query.toString();
}

/** A view with everything in it. */
function whole(given) {
  const view = { ...DEFAULTS, ...given };
  if (view.against) view.against = { ...SELECTION, ...view.against };
  return view;
}

/** Show a study in an element; `ask` takes a question and promises its answer. */
export function mount(root, ask, settings = {}) {
  const explorer = new Explorer(root, ask, settings);
  explorer.start();
  return explorer;
}

class Explorer {
  constructor(root, ask, settings) {
    this.root = root;
    this.send = ask;
    this.settings = { hash: false, initial: {}, onview: () => {}, ...settings };
    this.view = whole(this.settings.initial);
    this.turns = {};
    this.cards = {};
    this.ends = [];
  }

  /** A word of the interface, its gaps filled. */
  say(key, gaps = {}) {
    const word = (this.options && this.options.words[key]) || { en: key, zh: key };
    return word[this.view.lang].replace(/\{(\w+)\}/g, (_, name) => String(gaps[name] ?? ""));
  }

  /** Ask, so that only the last question of a channel is answered; null for an answer nobody waits for. */
  async ask(channel, question) {
    const turn = (this.turns[channel] = (this.turns[channel] || 0) + 1);
    let answer;
    try {
      answer = await this.send({ ...question, channel: `${this.id}:${channel}`, turn });
    } catch (error) {
      if (turn === this.turns[channel]) this.lost(error);
      return null;
    }
    if (turn !== this.turns[channel] || answer.stale) return null;
    this.found();
    return answer;
  }

  /** The same, asked again until what it needs is computed; `meanwhile` is told what that is. */
  async patiently(channel, question, meanwhile) {
    for (;;) {
      const answer = await this.ask(channel, question);
      if (!answer || !answer.pending) return answer;
      meanwhile(answer);
      const turn = this.turns[channel];
      await new Promise((done) => setTimeout(done, POLL));
      if (turn !== this.turns[channel] || !this.root.isConnected) return null;
    }
  }

  async start() {
    this.id = Math.random().toString(36).slice(2, 8);
    this.root.classList.add("pt-explorer");
    this.root.replaceChildren(h("p", { class: "pt-opening", role: "status", text: "…" }));
    this.bar = h("div", { class: "pt-lost", role: "alert", hidden: true });
    const options = await this.ask("options", { ask: "options" });
    if (!options) { this.root.replaceChildren(this.bar); return; }
    this.options = options;
    const browser = (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";
    this.view = whole({ ...options.view, lang: browser, ...this.settings.initial });
    this.view = this.pinned(this.view);
    this.bare = this.view;
    this.view = this.pinned((await this.fromHash("address_bad")) || this.view);
    this.appear(remembered("pt-appearance") || "auto");
    this.watchWidth();
    if (this.settings.hash) {
      this.keep(history.state);
      const back = (event) => this.back(event.state);
      window.addEventListener("popstate", back);
      this.ends.push(() => window.removeEventListener("popstate", back));
    }
    this.build();
    this.refresh();
    this.watchCards();
  }

  /** A view that names neither theme nor phrase is given its theme: a lexicon that changes must not change the view. */
  pinned(view) {
    return view.theme || view.phrase ? view : { ...view, theme: this.firstTheme(view.language) };
  }

  /** Write the view into the address of the entry of the browser's history that there is. */
  keep(state) {
    history.replaceState({ ...state, view: content(this.view) }, "", `#${address(this.view)}`);
  }

  /** The browser went back or forth, or somebody typed an address; the width remains that of the window. */
  async back(state) {
    const hash = location.hash;
    const { lang, narrow } = this.view;
    let view = state && state.view ? whole(state.view) : null;
    if (!view && hash.length < 2) view = { ...this.bare, lang };
    if (!view) view = await this.fromHash("address_kept");
    if (location.hash !== hash) return; // somebody was faster than the answer
    if (!view) {
      if (this.trouble) this.note(this.trouble);
      this.trouble = "";
      this.keep(null);
      return;
    }
    this.change({ ...view, narrow }, { keep: state || {} });
  }

  end() {
    this.ends.forEach((end) => end());
  }

  /** The view that the address names, checked by the study; null where it names none. */
  async fromHash(word) {
    if (!this.settings.hash || location.hash.length < 2) return null;
    const query = location.hash.slice(1);
    const answer = await this.ask("address", { ask: "address", address: query });
    if (!answer) return null;
    if (answer.error) {
      this.trouble = `${this.say(word)} ${answer.error}`;
      return null;
    }
    // The study leaves out what is as in an untouched view: English, if that was named.
    const lang = new URLSearchParams(query).has("lang") ? DEFAULTS.lang : this.view.lang;
    return whole({ lang, ...answer.view });
  }

  /** A picture is drawn for the width that it has. */
  watchWidth() {
    const query = window.matchMedia("(max-width: 600px)");
    this.view.narrow = query.matches;
    const turned = () => this.change({ narrow: query.matches }, { keep: this.settings.hash ? history.state || {} : {} });
    query.addEventListener("change", turned);
    this.ends.push(() => query.removeEventListener("change", turned));
  }

  /** A card that has become wider or narrower than a picture can be read in gets another one. */
  watchCards() {
    const watcher = new ResizeObserver(() => {
      clearTimeout(this.resized);
      this.resized = setTimeout(() => {
        const turned = ([name, { body, narrow }]) => narrow !== undefined && body.clientWidth > 0 && narrow !== this.narrowIn(body, name);
        if (Object.entries(this.cards).some(turned)) this.refresh();
      }, 250);
    });
    watcher.observe(this.root);
    this.ends.push(() => { watcher.disconnect(); clearTimeout(this.resized); });
  }

  /** Whether a picture is drawn for half a column; a grid, which has many of them, on a phone only. */
  narrowIn(place, name) {
    return this.view.narrow || (name !== "grid" && place.clientWidth > 0 && place.clientWidth < ROOM);
  }

  appear(mode) {
    this.appearance = mode;
    this.root.dataset.appearance = mode;
    if (this.settings.hash) document.documentElement.dataset.appearance = mode;
    remember("pt-appearance", mode);
  }

  /** Change what is looked at; everything that hangs on it follows. `keep`: of the entry that remains in the history. */
  change(patch, { keep = null, say = "" } = {}) {
    const before = this.view;
    const view = this.pinned(whole({ ...before, ...patch }));
    if (!("page" in patch) && !onlyAbout(before, view, ["page", "document"])) view.page = 1;
    if (same(before, view)) return;
    this.view = view;
    if (before.phrase !== view.phrase) this.typed = undefined;
    if (!view.against) this.reading = false;
    // An entry that opened a document says so: closing it then means going back.
    if (this.settings.hash && !keep) history.pushState({ view: content(view), reader: Boolean(view.document && !before.document) }, "", `#${address(view)}`);
    else if (this.settings.hash) this.keep(keep);
    this.settings.onview(content(view));
    this.announce = say;
    if (before.lang !== view.lang) this.build();
    else if (onlyAbout(before, view, ["document"])) { this.reader(); return; }
    else if (onlyAbout(before, view, ["page", "sort", "removed"])) { this.passages(); return; }
    else this.controlsSoon();
    this.refresh();
  }

  // ---- the page ------------------------------------------------------------------------------------------------

  build() {
    const held = document.activeElement && this.root.contains(document.activeElement)
      ? document.activeElement.dataset.key : null;
    if (this.settings.hash) {
      document.documentElement.lang = this.view.lang;
      document.title = `${this.options.title} · policy-themes`;
    }
    this.root.lang = this.view.lang;
    this.cards = {};
    this.live = h("div", { class: "pt-hidden", role: "status", "aria-live": "polite" });
    this.bar = h("div", { class: "pt-lost", role: "alert", hidden: true });
    this.tip = h("div", { class: "pt-tip", "aria-hidden": "true", hidden: true });
    this.dialog = h("dialog", { class: "pt-dialog", onclose: () => this.closed() });
    this.filters = h("form", { class: "pt-filters", role: "search", "aria-label": this.say("filters"), onsubmit: (e) => e.preventDefault() });
    this.focus = h("div", { class: "pt-focus", role: "region", "aria-label": this.say("focus") });
    this.main = h("main", { id: "pt-main", class: "pt-main", tabindex: "-1" },
      h("div", { class: "pt-column" }, this.card("trend"), this.card("ranking")), h("div", { class: "pt-column" }, this.card("map")),
      this.card("grid"), this.passagesCard(),
      h("div", { class: "pt-column" }, this.card("contrast")), h("div", { class: "pt-column" }, this.lexiconCard()), this.topicsCard());
    this.root.replaceChildren(
      h("a", { class: "pt-skip", href: "#pt-main", onclick: (e) => { e.preventDefault(); this.main.focus(); this.main.scrollIntoView(); } }, this.say("skip")),
      this.bar, this.header(), this.filters, this.focus, this.main, this.live, this.tip, this.dialog);
    this.controls();
    if (this.trouble) { this.live.textContent = this.trouble; this.note(this.trouble); this.trouble = ""; }
    if (held) this.root.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
  }

  header() {
    const about = `${this.options.folder} · ${this.say("n_docs", { n: this.options.n_docs.toLocaleString("en") })}`;
    const next = { auto: "light", light: "dark", dark: "auto" };
    const appearance = h("button", { type: "button", class: "pt-quiet", "data-key": "appearance" });
    const shown = () => {
      appearance.textContent = this.say(this.appearance);
      appearance.setAttribute("aria-label", `${this.say("appearance")}${this.say("colon")}${this.say(this.appearance)}`);
    };
    appearance.addEventListener("click", () => { this.appear(next[this.appearance]); shown(); });
    shown();
    const language = h("button", {
      type: "button", class: "pt-quiet", "data-key": "lang", lang: this.view.lang === "en" ? "zh" : "en",
      "aria-label": this.say("language_switch_label"),
      onclick: () => this.change({ lang: this.view.lang === "en" ? "zh" : "en" }),
    }, this.say("language_switch"));
    return h("header", { class: "pt-header" },
      h("div", { class: "pt-brand" }, h("h1", {}, this.options.title), h("p", {}, about)),
      h("div", { class: "pt-tools" }, language, appearance, this.shareMenu()));
  }

  shareMenu() {
    const load = h("input", { type: "file", accept: ".json,application/json", class: "pt-hidden", tabindex: "-1", "aria-hidden": "true",
      onchange: async () => { if (load.files[0]) this.loadFile(await load.files[0].text()); load.value = ""; } });
    const menu = h("details", { class: "pt-menu" }, h("summary", { class: "pt-quiet", "data-key": "share" }, this.say("share")),
      h("div", { class: "pt-sheet" },
        h("button", { type: "button", onclick: () => this.copy(location.href.split("#")[0].split("?")[0] + "#" + address(this.view)) }, this.say("share_link")),
        h("button", { type: "button", onclick: () => this.download() }, this.say("share_file")),
        h("button", { type: "button", onclick: () => load.click() }, this.say("share_load")), load));
    return closing(menu);
  }

  download() {
    const text = JSON.stringify(content({ ...this.view, narrow: false }), null, 1) + "\n";
    const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: "policy-themes.view.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  async loadFile(text) {
    const answer = await this.ask("file", { ask: "address", file: text });
    if (!answer) return;
    if (answer.error) this.note(`${answer.error} ${answer.hint || ""}`);
    else this.change(whole({ lang: this.view.lang, ...answer.view, narrow: this.view.narrow }));
  }

  // ---- filters ---------------------------------------------------------------------------------------------------

  /** Lists are searched by typing, letter by letter: one that has the focus is not built anew under somebody's fingers. */
  controlsSoon() {
    clearTimeout(this.soon);
    const list = document.activeElement;
    if (!(list instanceof HTMLSelectElement) || !this.filters.contains(list)) { this.controls(); return; }
    this.chips();
    this.soon = setTimeout(() => this.controls(), 900);
    list.addEventListener("blur", () => { clearTimeout(this.soon); setTimeout(() => this.controls()); }, { once: true });
  }

  controls() {
    const held = this.filters.contains(document.activeElement) || this.focus.contains(document.activeElement)
      ? document.activeElement.dataset.key : null;
    const open = this.filters.querySelector("details.pt-more")?.open || false;
    const { view, options } = this;
    const theme = this.themeOf();
    const facets = theme && !view.phrase ? theme.facets : [];
    const fields = [
      this.select("theme", this.say("theme"), view.phrase ? "" : this.themeId(), this.themeChoices(), (id) => this.change({ theme: id, facet: "", phrase: "" })),
      facets.length ? this.select("facet", this.say("facet"), view.facet,
        [["", this.say("whole")], ...facets.map((one) => [one.id, one[view.lang]])], (id) => this.change({ facet: id })) : null,
      this.phraseField(),
      Object.keys(options.languages).length > 1 ? this.select("language", this.say("documents_in"), view.language,
        Object.entries(options.languages).map(([name, n]) => [name, `${this.say(name)} (${n})`]), (name) => this.change({ language: name })) : null,
      this.select("measure", this.say("measure"), view.measure, this.measures(), (name) => this.change({ measure: name })),
    ];
    const compare = h("button", { type: "button", class: "pt-quiet", "data-key": "compare", "aria-pressed": String(Boolean(view.against)),
      onclick: () => this.change({ against: view.against ? null : { ...SELECTION } }) }, this.say(view.against ? "compare_end" : "compare"));
    const more = h("details", { class: "pt-more", open: open || null }, h("summary", { "data-key": "more" }, this.say("more")),
      h("div", { class: "pt-row" }, this.moreFields(view, "", (patch) => this.change(patch))),
      h("p", { class: "pt-small" }, this.say("headline_note")));
    this.filters.replaceChildren(
      h("div", { class: "pt-row" }, fields, h("div", { class: "pt-where" }, this.yearFields(view, "", (patch) => this.change(patch)), this.regionField(view, "", (patch) => this.change(patch)))),
      h("p", { class: "pt-said pt-small", role: "status" }),
      h("div", { class: "pt-under" }, more, compare),
      view.against ? h("fieldset", { class: "pt-second" }, h("legend", {}, this.say("second")),
        h("div", { class: "pt-row" }, this.sideFields())) : "");
    this.said = this.filters.querySelector(".pt-said");
    this.chips();
    if (held) this.root.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
  }

  sideFields() {
    const change = (patch) => this.change({ against: { ...this.view.against, ...patch } });
    const side = this.view.against;
    return [this.yearFields(side, "b-", change), this.regionField(side, "b-", change), this.moreFields(side, "b-", change)];
  }

  select(key, label, value, choices, choose) {
    const id = `pt-${this.id}-${key}`;
    return h("div", { class: "pt-field" }, h("label", { for: id }, label),
      h("select", { id, "data-key": key, onchange: (event) => choose(event.target.value) },
        choices.map((choice) => Array.isArray(choice)
          ? h("option", { value: choice[0], selected: choice[0] === value }, choice[1])
          : h("optgroup", { label: choice.label }, choice.of.map(([own, name]) => h("option", { value: own, selected: own === value }, name))))));
  }

  themeId() {
    return this.view.theme || this.firstTheme(this.view.language);
  }

  /** What is looked at where nothing is named: the same that the study takes. */
  firstTheme(language) {
    return (this.options.featured[language] || [])[0] || (this.options.themes[0] || {}).id || "";
  }

  themeOf() {
    return this.options.themes.find((one) => one.id === this.themeId());
  }

  themeChoices() {
    const { view, options } = this;
    const featured = options.featured[view.language] || [];
    const named = (one) => [one.id, `${one[view.lang]} (${one.n[view.language] || 0})`];
    const of = (ids) => options.themes.filter((one) => ids.includes(one.id) ).map(named);
    const others = options.themes.filter((one) => !featured.includes(one.id)).map((one) => one.id);
    const found = [{ label: this.say("featured"), of: of(featured) }, { label: this.say("others"), of: of(others) }];
    return view.phrase ? [["", `“${view.phrase}”`], ...found] : found;
  }

  measures() {
    const theme = this.themeOf();
    const headline = this.view.phrase || !theme ? "headline" : `headline_${theme.headline[this.view.language] || "rate"}`;
    return [["headline", this.say(headline)], ["rate", this.say("rate")], ["share", this.say("share_docs")],
      ["prevalence", this.say("prevalence")], ["effect", this.say("effect")]];
  }

  phraseField() {
    const id = `pt-${this.id}-phrase`;
    const input = h("input", { id, type: "search", "data-key": "phrase", value: this.typed ?? this.view.phrase, maxlength: "200",
      placeholder: this.say("phrase_hint"), autocomplete: "off", enterkeyhint: "search",
      oninput: () => { this.typed = input.value; },
      onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); this.setPhrase(input.value.trim()); } },
      onsearch: () => { if (!input.value && this.view.phrase) this.setPhrase(""); } });
    return h("div", { class: "pt-field pt-phrase" }, h("label", { for: id }, this.say("phrase")), input);
  }

  setPhrase(phrase) {
    this.typed = undefined;
    this.change({ phrase, facet: "" });
  }

  async countPhrase() {
    if (!this.view.phrase || !this.said) { if (this.said) this.said.textContent = ""; return; }
    const told = (answer) => {
      if (!this.said) return;
      if (answer.error) { this.said.textContent = `${answer.error} ${answer.hint || ""}`; return; }
      const parts = [this.say("phrase_said", { phrase: answer.phrase, n: answer.n, docs: answer.n_docs })];
      if (answer.pending) parts.push(this.say("phrase_waiting"));
      else if (answer.n_text) parts.push(this.say("phrase_kept", { kept: answer.n_kept, n: answer.n_text }));
      this.said.textContent = parts.join(this.view.lang === "zh" ? "" : " ");
    };
    const answer = await this.patiently("phrase", { ask: "phrase", view: content(this.view) }, told);
    if (answer) told(answer);
  }

  yearFields(side, prefix, change) {
    const [first, last] = this.options.years;
    if (first === undefined) return null;
    const years = Array.from({ length: last - first + 1 }, (_, at) => [String(first + at), String(first + at)]);
    const choices = [["", this.say("any")], ...years];
    const set = (name) => (text) => {
      const patch = { first: side.first, last: side.last, [name]: text ? Number(text) : null };
      if (patch.first && patch.last && patch.first > patch.last) patch[name === "first" ? "last" : "first"] = patch[name];
      change(patch);
    };
    return h("div", { class: "pt-years" }, this.select(`${prefix}first`, this.say("first"), String(side.first ?? ""), choices, set("first")),
      this.select(`${prefix}last`, this.say("last"), String(side.last ?? ""), choices, set("last")));
  }

  regionField(side, prefix, change) {
    if (!this.options.regions.length) return null;
    const said = side.regions.length === 0 ? this.say("all_regions")
      : side.regions.length === 1 ? this.regionName(side.regions[0]) : this.say("n_regions", { n: side.regions.length });
    const key = `${prefix}regions`;
    const boxes = this.options.regions.map((one) => h("label", { class: "pt-check" },
      h("input", { type: "checkbox", "data-key": `${key}-${one.code}`, checked: side.regions.includes(one.code),
        onchange: (event) => {
          this.openMenu = key;
          const others = side.regions.filter((code) => code !== one.code);
          change({ regions: event.target.checked ? [...others, one.code].sort() : others });
        } }), ` ${one[this.view.lang]} `, h("span", { class: "pt-n" }, one.n)));
    const menu = h("details", { class: "pt-menu", open: this.openMenu === key || null, ontoggle: (event) => { if (!event.target.open && this.openMenu === key) this.openMenu = null; } },
      h("summary", { "data-key": key, "aria-label": `${this.say("regions")}${this.say("colon")}${said}` }, said),
      h("div", { class: "pt-sheet pt-regions", role: "group", "aria-label": this.say("regions") }, h("p", { class: "pt-small" }, this.say("none_chosen")), boxes));
    return h("div", { class: "pt-field" }, h("span", { class: "pt-label", "aria-hidden": "true" }, this.say("regions")), closing(menu));
  }

  moreFields(side, prefix, change) {
    return ["kind", "institution", "outlet"].filter((name) => this.options[name].length).map((name) =>
      this.select(`${prefix}${name}`, this.say(name), side[name],
        [["", this.say("any")], ...this.options[name].map(([value, n]) => [value, `${value} (${n})`])], (value) => change({ [name]: value })));
  }

  regionName(code) {
    const known = this.options.regions.find((one) => one.code === code);
    return known ? known[this.view.lang] : code;
  }

  chips() {
    const { view } = this;
    const chip = (name, patch, key) => h("button", { type: "button", class: "pt-chip", "data-key": `chip-${key}`,
      "aria-label": this.say("remove", { name }), onclick: () => this.change(patch) }, name, h("span", { "aria-hidden": "true" }, " ×"));
    const found = [];
    for (const other of view.against ? [false, true] : [false]) {
      const side = this.side(other);
      const [before, key] = [view.against ? `${this.say(other ? "side_b" : "side_a")} · ` : "", other ? "b-" : ""];
      const without = (patch) => (other ? { against: { ...side, ...patch } } : patch);
      if (side.year !== null) found.push(chip(`${before}${side.year}`, without({ year: null }), `${key}year`));
      if (side.region) found.push(chip(`${before}${this.regionName(side.region)}`, without({ region: "" }), `${key}region`));
    }
    if (view.phrase) found.push(chip(`“${view.phrase}”`, { phrase: "" }, "phrase"));
    const narrowed = content(view);
    const cleared = { ...whole({ lang: view.lang, language: view.language, narrow: view.narrow, theme: view.theme }) };
    const filtered = Object.keys(SELECTION).some((name) => name in narrowed) || view.phrase || view.against;
    this.focus.replaceChildren(h("span", { class: "pt-label" }, this.say("focus")),
      ...(found.length ? found : [h("span", { class: "pt-small" }, this.say("no_focus"))]),
      filtered ? h("button", { type: "button", class: "pt-quiet pt-clear", "data-key": "clear", onclick: () => { this.typed = undefined; this.change(cleared); } }, this.say("clear_all")) : "");
  }

  // ---- panels ----------------------------------------------------------------------------------------------------

  card(name) {
    const body = h("div", { class: "pt-body" });
    const badge = h("span", { class: "pt-badge", hidden: true });
    const tools = h("div", { class: "pt-card-tools" },
      h("button", { type: "button", class: "pt-quiet", "data-key": `save-${name}`, onclick: () => this.saveDialog(name) }, this.say("save")),
      h("button", { type: "button", class: "pt-quiet", "data-key": `code-${name}`, onclick: () => this.codeDialog(name) }, this.say("code")));
    const id = `pt-${this.id}-title-${name}`;
    const section = h("section", { class: `pt-card pt-card-${name}`, "aria-labelledby": id, "data-panel": name },
      h("div", { class: "pt-card-head" }, h("h2", { id }, this.say(`panel_${name}`)), badge, tools), body);
    this.cards[name] = { section, body, badge, tools };
    return section;
  }

  async refresh() {
    this.countPhrase();
    const round = (this.round = (this.round || 0) + 1);
    const sides = this.view.against ? [false, true] : [false];
    const order = PANELS.flatMap((name) => sides.map((other) => [name, other]));
    if (!this.view.against) for (const { body } of Object.values(this.cards)) body.querySelector(':scope > [data-side="b"]')?.remove();
    for (const name of [...PANELS, "contrast", "passages"]) this.busy(this.cards[name].section, true);
    this.lexicon();
    this.reader();
    this.optimistic();
    // One after the other, what is looked at first: the study answers one question at a time anyway.
    await this.panel(...order[0]);
    if (round === this.round) await this.passages();
    for (const [name, other] of [...order.slice(1), ["contrast", false]]) if (round === this.round) await this.panel(name, other);
    if (round === this.round && this.topicsShown) await this.topics();
  }

  /** Show at once which marks are chosen, before any answer is there. */
  optimistic() {
    for (const mark of this.main.querySelectorAll("button.pt-mark")) {
      mark.setAttribute("aria-pressed", String(this.chosen(JSON.parse(mark.dataset.choose), mark.dataset.other === "true")));
    }
  }

  side(other) {
    return other ? this.view.against : this.view;
  }

  /** The view whose passages are read: with the second selection in the place of the first, if that was chosen. */
  sideView() {
    const { view } = this;
    return this.reading && view.against ? { ...view, ...view.against, against: null } : view;
  }

  /** Two buttons, A and B: which selection something is of. */
  sides(key, chosen, choose) {
    return h("div", { class: "pt-field" }, h("span", { class: "pt-label", "aria-hidden": "true" }, this.say("which_side")),
      h("div", { class: "pt-sides", role: "group", "aria-label": this.say("which_side") }, [false, true].map((other) => {
        const name = other ? "side_b" : "side_a";
        return h("button", { type: "button", "data-key": `${key}-${other ? "b" : "a"}`, "aria-pressed": String(other === chosen), "aria-label": this.say(`${name}_label`),
          onclick: () => { if (other !== chosen) choose(other); } }, this.say(name));
      })));
  }

  /** What is drawn of both selections can be saved and copied of both; the words and the topics are drawn once. */
  ofBoth(panel) {
    return this.view.against && [...PANELS, "passages"].includes(panel);
  }

  read(other) {
    this.reading = other;
    if (this.view.page === 1) this.passages();
    else this.change({ page: 1 });
  }

  chosen(choose, other) {
    if ("phrase" in choose) return this.view.phrase === choose.phrase;
    const side = this.side(other) || SELECTION;
    return Object.entries(choose).every(([name, value]) => side[name] === value) && Object.keys(choose).length > 0;
  }

  place(name, other) {
    const card = this.cards[name];
    const key = other ? "b" : "a";
    let place = card.body.querySelector(`:scope > [data-side="${key}"]`);
    if (!place) {
      place = h("div", { "data-side": key, class: "pt-side" });
      if (other) card.body.append(place); else card.body.prepend(place);
    }
    return place;
  }

  async panel(name, other) {
    const { section, body } = this.cards[name];
    const place = this.place(name, other);
    this.busy(section, true);
    const narrow = (this.cards[name].narrow = this.narrowIn(body, name));
    const question = { ask: "panel", panel: name, view: content({ ...this.view, narrow }), other };
    const answer = await this.patiently(`${name}:${other}`, question, (told) => this.waiting(place, told));
    if (!answer || this.cards[name].section !== section) return;
    if (other || !this.view.against || name === "contrast") this.busy(section, false);
    if (answer.error) { place.replaceChildren(this.problem(answer)); return; }
    this.draw(place, name, other, answer);
  }

  busy(section, on) {
    section.classList.toggle("pt-busy", on);
    section.setAttribute("aria-busy", String(on));
  }

  waiting(place, answer) {
    place.replaceChildren(h("p", { class: "pt-waiting", role: "status" }, this.say(`pending_${answer.pending}`)));
  }

  problem(answer) {
    return h("div", { class: "pt-empty" }, h("p", {}, answer.error), answer.hint ? h("p", { class: "pt-small" }, answer.hint) : "");
  }

  draw(place, name, other, answer, { badge = !other } = {}) {
    if (badge) this.badge(name, answer);
    const parts = [];
    if (this.view.against) parts.push(h("p", { class: "pt-side-name" }, this.say(other ? "side_b" : "side_a"), " · ", this.say("n_docs", { n: answer.n_docs.toLocaleString("en") })));
    if (answer.refused) {
      parts.push(h("div", { class: "pt-empty" }, h("p", {}, answer.says), this.ways(answer.back, other)));
      place.replaceChildren(...parts);
      return;
    }
    const held = place.contains(document.activeElement) ? document.activeElement.dataset.choose : null;
    const image = h("img", { src: answer.picture, alt: answer.alt, width: answer.width, height: answer.height, draggable: "false" });
    const layer = h("div", { class: "pt-marks", role: "group", "aria-label": `${answer.title}${this.say("stop")}${this.say("marks", { n: answer.marks.length })}` });
    const buttons = answer.marks.map((mark) => this.mark(mark, name, other));
    layer.append(...buttons);
    layer.addEventListener("keydown", (event) => travel(event, buttons));
    const start = buttons.find((one) => one.getAttribute("aria-pressed") === "true") || buttons[0];
    if (start) start.tabIndex = 0;
    const why = answer.why && !other ? h("p", { class: `pt-why pt-${answer.standing}` }, h("strong", {}, this.say(answer.standing)), " · ", answer.why) : "";
    parts.push(h("figure", { class: "pt-picture" }, h("div", { class: `pt-frame${answer.width < 400 ? " pt-half" : ""}` }, image, buttons.length ? layer : ""),
      h("figcaption", {}, h("p", { class: "pt-says" }, answer.says), why)),
      h("div", { class: "pt-folds" }, this.fold("caption", h("p", { class: "pt-small" }, answer.caption)), this.tableFold(answer)));
    place.replaceChildren(...parts);
    if (held) buttons.find((one) => one.dataset.choose === held)?.focus({ preventScroll: true });
  }

  badge(name, answer) {
    const { badge } = this.cards[name];
    badge.hidden = !answer.standing;
    badge.className = `pt-badge pt-${answer.standing}`;
    badge.textContent = this.say(answer.standing);
    badge.title = answer.why;
  }

  mark(mark, name, other) {
    const [x0, y0, x1, y1] = mark.box;
    const button = h("button", { type: "button", class: "pt-mark", tabindex: "-1", "aria-label": mark.label, "data-choose": JSON.stringify(mark.choose),
      "data-other": String(other), "aria-pressed": String(this.chosen(mark.choose, other)),
      onclick: () => this.choose(mark, other),
      onmouseenter: () => this.showTip(button, mark.label), onmouseleave: () => this.hideTip(),
      onfocus: () => this.showTip(button, mark.label), onblur: () => this.hideTip() });
    Object.assign(button.style, { left: `${100 * x0}%`, top: `${100 * y0}%`, width: `${100 * (x1 - x0)}%`, height: `${100 * (y1 - y0)}%` });
    return button;
  }

  /** A chosen mark narrows every other panel; chosen again it lets go. */
  choose(mark, other) {
    if ("phrase" in mark.choose) {
      this.change({ phrase: this.view.phrase === mark.choose.phrase ? "" : mark.choose.phrase, facet: "" }, { say: mark.label });
      return;
    }
    const gone = this.chosen(mark.choose, other);
    this.reading = other; // who chooses a mark wants to read what stands behind it
    const patch = Object.fromEntries(Object.entries(mark.choose).map(([name, value]) => [name, gone ? SELECTION[name] : value]));
    this.change(other ? { against: { ...this.view.against, ...patch } } : patch, { say: mark.label });
  }

  showTip(button, text) {
    this.tip.textContent = text;
    this.tip.hidden = false;
    const box = button.getBoundingClientRect();
    const width = Math.min(280, window.innerWidth - 16);
    const own = this.tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left + box.width / 2 - own.width / 2), window.innerWidth - Math.min(own.width, width) - 8);
    const above = box.top - own.height - 6;
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${above > 4 ? above : box.bottom + 6}px`;
  }

  hideTip() {
    this.tip.hidden = true;
  }

  /** Ways back from an empty selection. */
  ways(back, other) {
    if (!back || !back.length) return "";
    const names = { first: "first", last: "last", regions: "regions", outlet: "outlet", institution: "institution", kind: "kind", year: "year", region: "region" };
    return h("div", { class: "pt-ways" }, back.map(({ field, n }) => h("button", { type: "button", onclick: () => {
      const patch = { [field]: SELECTION[field] };
      this.change(other ? { against: { ...this.view.against, ...patch } } : patch);
    } }, this.say("back", { name: this.say(names[field]).toLowerCase(), n }))));
  }

  fold(key, ...inside) {
    return h("details", {}, h("summary", {}, this.say(key)), inside);
  }

  tableFold(answer) {
    const { columns, rows, n } = answer.table;
    const fold = this.fold("table");
    // Built when it is opened: hundreds of cells that mostly nobody looks at.
    fold.addEventListener("toggle", () => {
      if (!fold.open || fold.querySelector("table")) return;
      fold.append(h("div", { class: "pt-scroll", tabindex: "0", role: "region", "aria-label": this.say("table") },
        h("table", {}, h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
          h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell))))))),
        rows.length < n ? h("p", { class: "pt-small" }, this.say("table_more", { shown: rows.length, n })) : "");
    });
    return fold;
  }

  // ---- passages and documents ------------------------------------------------------------------------------------

  passagesCard() {
    const section = this.card("passages");
    const { body } = this.cards.passages;
    this.list = h("div", { class: "pt-list" });
    this.pager = h("div", { class: "pt-pager" });
    body.append(h("div", { class: "pt-passage-bar pt-row" }), this.list, this.pager);
    return section;
  }

  async passages() {
    const { section, body } = this.cards.passages;
    const list = this.list;
    this.busy(section, true);
    const answer = await this.ask("passages", { ask: "passages", view: content(this.sideView()) });
    if (!answer || this.list !== list) return;
    this.busy(section, false);
    if (answer.error) { list.replaceChildren(this.problem(answer)); this.pager.replaceChildren(); return; }
    const { view } = this;
    const sorting = this.select("sort", this.say("sort"), view.sort, ["text", "left", "right"].map((name) => [name, this.say(`sort_${name}`)]), (name) => this.change({ sort: name }));
    const removed = h("label", { class: "pt-check" }, h("input", { type: "checkbox", "data-key": "removed", checked: view.removed, onchange: (event) => this.change({ removed: event.target.checked }) }), ` ${this.say("removed")}`);
    const held = body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const other = Boolean(this.reading && view.against);
    body.querySelector(".pt-passage-bar").replaceChildren(...(view.against ? [this.sides("read", other, (chosen) => this.read(chosen))] : []), sorting, removed);
    const said = answer.total ? this.say("passages_said", { total: answer.total.toLocaleString("en"), docs: answer.n_with.toLocaleString("en"), page: answer.page, pages: answer.pages })
      : this.say("passages_none", { docs: answer.n_docs });
    list.replaceChildren(h("p", { class: "pt-small" }, said),
      answer.total ? h("ol", { class: "pt-kwic", start: String(20 * (answer.page - 1) + 1) }, answer.rows.map((row) => this.line(row)))
        : h("div", { class: "pt-empty" }, this.ways(answer.back, other)));
    const step = (by, key) => h("button", { type: "button", "data-key": key, disabled: answer.page + by < 1 || answer.page + by > answer.pages || null, onclick: () => this.change({ page: answer.page + by }) }, this.say(key));
    this.pager.replaceChildren(...(answer.pages > 1 ? [step(-1, "previous"), step(1, "next")] : []));
    if (held) body.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
    const { year, region } = this.side(other);
    const focus = [year, region && this.regionName(region)].filter(Boolean).join(this.say("comma")) || this.say("everything");
    const which = view.against ? `${this.say(other ? "side_b" : "side_a")} · ` : "";
    this.live.textContent = which + this.say("changed", { focus, n: answer.n_docs, total: answer.total });
  }

  line(row) {
    const about = [row.year, row.region, row.title].filter(Boolean).join(" · ");
    return h("li", {}, h("button", { type: "button", class: "pt-line", "data-key": `line-${row.doc_id}-${row.start}`,
      onclick: () => { this.reach = row.start; this.change({ document: row.doc_id }); } },
      h("span", { class: "pt-about" }, about, row.excluded ? ` · ${this.say("excluded", { context: row.excluded })}` : ""),
      h("span", { class: "pt-context", lang: this.view.language }, h("span", { class: "pt-left" }, h("bdi", {}, row.left)), h("mark", {}, row.match), h("span", { class: "pt-right" }, row.right)),
      h("span", { class: "pt-hidden" }, ` ${this.say("open_document")}`)));
  }

  /** The reader is open where the view names a document. */
  reader() {
    if (this.view.document) this.readDocument();
    else if (this.dialog.open && this.dialog.classList.contains("pt-reader")) this.dialog.close();
  }

  async readDocument() {
    const inside = h("p", { class: "pt-waiting" }, this.say("working"));
    this.opened(this.say("reader"), inside, "pt-reader");
    const answer = await this.ask("document", { ask: "document", view: content(this.view) });
    if (!answer && this.gone && inside.isConnected) inside.replaceWith(this.problem({ error: this.lostWords() }));
    if (!answer || !inside.isConnected) return;
    this.dialog.classList.toggle("pt-wide-reader", Boolean(answer.beside));
    inside.replaceWith(...(answer.error ? [this.problem(answer)] : this.documentParts(answer)));
    const reached = this.dialog.querySelector(`mark[data-start="${Number(this.reach ?? -1)}"]`) || this.dialog.querySelector("mark.pt-hit");
    if (reached) { reached.scrollIntoView({ block: "center" }); reached.classList.add("pt-reached"); }
  }

  documentParts(answer) {
    const data = h("dl", { class: "pt-data" }, answer.data.map(([key, value, why]) => [h("dt", {}, this.say(key)),
      h("dd", {}, value, why ? h("span", { class: "pt-small" }, value ? this.say("because", { why }) : why) : "")]));
    const footnote = h("p", { class: "pt-footnote", lang: answer.language }, answer.footnote);
    let at = -1;
    const next = h("button", { type: "button", onclick: () => {
      const hits = [...this.dialog.querySelectorAll("mark.pt-hit")];
      if (!hits.length) return;
      at = (at + 1) % hits.length;
      hits.forEach((one) => one.classList.remove("pt-reached"));
      hits[at].classList.add("pt-reached");
      hits[at].scrollIntoView({ block: "center" });
    } }, this.say("hit_next"));
    const legend = h("p", { class: "pt-small pt-legend" }, ["hit", "wide", "excluded"].map((kind) => [h("mark", { class: `pt-${kind}` }, this.say(`legend_${kind}`)), " "]), h("span", { class: "pt-cut" }, this.say("cut")));
    return [h("h3", { lang: answer.language }, answer.title, answer.mark ? h("span", { class: "pt-small" }, ` ${answer.mark}`) : ""),
      h("div", { class: "pt-row" }, next, h("button", { type: "button", "data-key": "footnote", onclick: () => this.copy(answer.footnote) }, `${this.say("copy")}${this.say("colon")}${this.say("footnote")}`)),
      footnote, h("details", {}, h("summary", {}, this.say("data")), data), legend, this.text(answer)];
  }

  text(answer) {
    const paragraph = (one, language) => {
      let at = one.start;
      return h("p", { lang: language, class: one.removed ? "pt-cut" : null }, one.pieces.map(([text, kind]) => {
        const start = at;
        at += [...text].length; // places count characters, not halves of them
        return kind ? h("mark", { class: `pt-${kind}`, "data-start": String(start) }, text) : text;
      }));
    };
    if (!answer.beside) return h("article", { class: "pt-text" }, answer.paragraphs.map((one) => paragraph(one, answer.language)));
    const rows = answer.paragraphs.map((one, number) => h("div", { class: "pt-pair" }, h("div", {}, paragraph(one, answer.language)),
      h("div", {}, answer.beside.paragraphs.filter((_, own) => answer.beside.at[own] === number).map((other) => paragraph(other, answer.beside.language)))));
    return h("article", { class: "pt-text pt-two" }, h("div", { class: "pt-pair pt-heads" }, h("div", {}, answer.title), h("div", {}, answer.beside.title)), rows);
  }

  // ---- topics ----------------------------------------------------------------------------------------------------

  topicsCard() {
    const section = this.card("topics");
    const { body } = this.cards.topics;
    if (!this.topicsShown) body.append(h("button", { type: "button", "data-key": "topics", onclick: () => { this.topicsShown = true; body.replaceChildren(); this.topics(); } }, this.say("topics_show")));
    return section;
  }

  async topics() {
    const { section, body } = this.cards.topics;
    this.busy(section, true);
    const answer = await this.patiently("topics", { ask: "topics", view: content(this.view) }, (told) => this.waiting(body, told));
    if (!answer || this.cards.topics.body !== body) return;
    this.busy(section, false);
    if (answer.error) { body.replaceChildren(this.problem(answer)); return; }
    const held = body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const { view } = this;
    const id = `pt-${this.id}-weight`;
    const slider = h("input", { id, type: "range", min: "0", max: "1", step: "0.05", value: String(view.weight), "data-key": "weight",
      onchange: () => this.slide(Number(slider.value)), oninput: () => { shown.textContent = Number(slider.value).toFixed(2); } });
    const shown = h("output", { for: id }, view.weight.toFixed(2));
    const topics = h("ol", { class: "pt-topics" }, answer.topics.map((one) => this.topicItem(one)));
    const picture = h("div", { class: "pt-topic-pictures" }, h("div", { "data-side": "a", class: "pt-side" }), h("div", { "data-side": "r", class: "pt-side" }));
    const exemplars = answer.exemplars.length ? [h("h3", {}, this.say("exemplars")), h("ul", { class: "pt-exemplars" }, answer.exemplars.map((one) => h("li", {},
      h("button", { type: "button", class: "pt-line", onclick: () => { this.reach = -1; this.change({ document: one.doc_id }); } },
        h("span", { class: "pt-about" }, `${Math.round(100 * one.gamma)} % · ${one.path}`), h("span", { lang: view.language }, one.text)))))] : [];
    body.replaceChildren(h("div", { class: "pt-field pt-slider" }, h("label", { for: id }, this.say("weight")), slider, shown), topics, picture, ...exemplars);
    if (held) body.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
    this.topicPicture(picture.children[0], "topics", "a");
    if (view.topic !== null) this.topicPicture(picture.children[1], "ranking", "r", { measure: "prevalence" });
  }

  /** The slider changes the words alone. */
  slide(weight) {
    this.view = { ...this.view, weight };
    if (this.settings.hash) this.keep(history.state);
    this.settings.onview(content(this.view));
    this.topics();
  }

  topicItem(one) {
    const { view } = this;
    const chosen = view.topic === one.topic;
    const name = h("input", { type: "text", value: one.name, maxlength: "100", "aria-label": this.say("topic_name", { n: one.topic }), "data-key": `name-${one.topic}`,
      placeholder: one.proposed ? this.say("topic_proposed", { name: one.proposed }) : this.say("topic_name", { n: one.topic }) });
    const write = h("button", { type: "button", class: "pt-quiet", "data-key": `write-${one.topic}`, onclick: () => this.nameTopic(one.topic, name.value) }, this.say("topic_name_save"));
    name.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) write.click(); });
    const steady = one.stable === null ? "" : h("span", { class: `pt-badge pt-${one.stable ? "clear" : "cannot"}` }, this.say(one.stable ? "topic_stable" : "topic_unstable"));
    return h("li", { class: chosen ? "pt-chosen" : null },
      h("div", { class: "pt-topic-head" }, h("button", { type: "button", class: "pt-topic", "aria-pressed": String(chosen), "data-key": `topic-${one.topic}`, "aria-label": this.say("topic_choose", { n: one.topic }),
        onclick: () => this.change({ topic: chosen ? null : one.topic }) }, one.name || this.say("topic", { n: one.topic })),
        h("span", { class: "pt-small" }, this.say("topic_share", { share: `${(100 * one.share).toFixed(1)} %` })), steady),
      h("p", { class: "pt-terms", lang: view.language }, one.terms.map(([term]) => h("span", {}, term))),
      chosen ? h("div", { class: "pt-row" }, name, write) : "");
  }

  async topicPicture(place, panel, channel, more = {}) {
    const question = { ask: "panel", panel, view: content({ ...this.view, ...more, narrow: this.narrowIn(place, panel) }) };
    const answer = await this.patiently(`topic:${channel}`, question, (told) => this.waiting(place, told));
    if (!answer || !place.isConnected) return;
    if (answer.error) place.replaceChildren(this.problem(answer));
    else this.draw(place, "topics", false, answer, { badge: channel !== "r" });
  }

  async nameTopic(topic, name) {
    const answer = await this.ask("name", { ask: "name", view: content(this.view), topic, name });
    if (!answer) return;
    this.note(answer.error ? `${answer.error} ${answer.hint || ""}` : this.say("topic_named", { file: answer.file }));
    if (!answer.error) this.topics();
  }

  // ---- lexicon ---------------------------------------------------------------------------------------------------

  lexiconCard() {
    const section = this.card("lexicon");
    this.cards.lexicon.tools.remove();
    return section;
  }

  lexicon() {
    const { body } = this.cards.lexicon;
    const theme = this.themeOf();
    if (!theme) { body.replaceChildren(h("p", {}, this.say("nothing"))); return; }
    const key = `${theme.id} ${this.view.language} ${this.view.lang}`;
    if (this.lexiconOf === key && body.childElementCount) return;
    this.lexiconOf = key;
    const id = `pt-${this.id}-lexicon`;
    const input = h("input", { id, type: "text", "data-key": "lexicon", maxlength: "100", autocomplete: "off", value: this.typedPhrase || "", oninput: () => { this.typedPhrase = input.value; } });
    this.tried = h("div", { class: "pt-tried", "aria-live": "polite" });
    const phrases = theme.phrases[this.view.language] || [];
    const go = (action, phrase) => { if (phrase.trim()) this.tryChange(action, phrase.trim()); else input.focus(); };
    body.replaceChildren(h("p", {}, h("strong", {}, theme[this.view.lang]), " · ", this.say("lexicon_counts")),
      h("ul", { class: "pt-phrases", lang: this.view.language }, phrases.map((phrase) => h("li", {}, phrase,
        h("button", { type: "button", class: "pt-x", "aria-label": this.say("lexicon_drop_one", { phrase }), onclick: () => go("drop", phrase) }, "−")))),
      h("div", { class: "pt-row" }, h("div", { class: "pt-field" }, h("label", { for: id }, this.say("lexicon_phrase")), input),
        h("button", { type: "button", "data-key": "lexicon-add", onclick: () => go("add", input.value) }, this.say("lexicon_add")),
        h("button", { type: "button", "data-key": "lexicon-drop", onclick: () => go("drop", input.value) }, this.say("lexicon_drop"))),
      h("p", { class: "pt-small" }, this.say("lexicon_nothing_yet")), this.tried);
    input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) go("add", input.value); });
  }

  async tryChange(action, phrase) {
    const { section } = this.cards.lexicon;
    const view = { ...content(this.view), theme: this.themeId() };
    delete view.phrase; delete view.facet;
    this.busy(section, true);
    const answer = await this.ask("try", { ask: "try", view, action, phrase });
    if (!answer) return;
    this.busy(section, false);
    if (answer.error) { this.tried.replaceChildren(this.problem(answer)); return; }
    const { before, after } = answer;
    const row = (name, key) => h("tr", {}, h("th", { scope: "row" }, this.say(name)), h("td", {}, before[key]), h("td", {}, after[key]));
    const years = after.years.map(([year, hits, docs, n]) => {
      const old = before.years.find((one) => one[0] === year) || [year, 0, 0, 0];
      return old[1] === hits ? null : h("tr", {}, h("th", { scope: "row" }, year), h("td", {}, `${old[1]} (${old[2]}/${old[3]})`), h("td", {}, `${hits} (${docs}/${n})`));
    });
    const quoted = (rows) => h("ul", { class: "pt-exemplars", lang: this.view.language }, rows.map((one) => h("li", {}, h("button", { type: "button", class: "pt-line", onclick: () => { this.reach = -1; this.change({ document: one.doc_id }); } },
      one.year ? h("span", { class: "pt-about" }, one.year) : "", h("span", {}, one.left, h("mark", {}, one.match), one.right)))));
    this.tried.replaceChildren(h("h3", {}, `${action === "add" ? "+" : "−"} ${phrase}`),
      h("div", { class: "pt-scroll", tabindex: "0", role: "region", "aria-label": `${this.say("lexicon_before")}${this.say("comma")}${this.say("lexicon_after")}` },
        h("table", {}, h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, this.say("lexicon_before")), h("th", { scope: "col" }, this.say("lexicon_after")))),
          h("tbody", {}, row("lexicon_hits", "n_hits"), row("lexicon_docs", "n_docs"), years))),
      ...(answer.n_gained ? [h("h4", {}, this.say("lexicon_gained", { n: answer.n_gained })), quoted(answer.gained)] : []),
      ...(answer.n_lost ? [h("h4", {}, this.say("lexicon_lost", { n: answer.n_lost })), quoted(answer.lost)] : []),
      h("button", { type: "button", class: "pt-main-button", "data-key": "adopt", onclick: () => this.adopt(view, action, phrase) }, this.say("lexicon_adopt")));
  }

  async adopt(view, action, phrase) {
    const answer = await this.ask("adopt", { ask: "adopt", view, action, phrase });
    if (!answer) return;
    if (answer.error) { this.note(`${answer.error} ${answer.hint || ""}`); return; }
    const options = await this.ask("options", { ask: "options" });
    if (options && !options.error) this.options = options;
    this.lexiconOf = null;
    this.typedPhrase = "";
    if (!this.view.theme) { // beside a phrase; what the study takes by default may be another one now
      this.view = { ...this.view, theme: view.theme };
      if (this.settings.hash) this.keep(history.state);
    }
    this.controls();
    await this.refresh();
    this.tried.replaceChildren(h("p", { role: "status" }, this.say("lexicon_adopted", { file: answer.file, study: answer.study })));
  }

  // ---- dialogs and messages --------------------------------------------------------------------------------------

  opened(title, inside, kind = "") {
    this.dialog.className = `pt-dialog ${kind}`;
    const id = `pt-${this.id}-dialog`;
    this.dialog.setAttribute("aria-labelledby", id);
    this.returnTo = this.dialog.open ? this.returnTo : document.activeElement?.dataset?.key;
    this.dialog.replaceChildren(h("div", { class: "pt-dialog-head" }, h("h2", { id }, title),
      h("button", { type: "button", class: "pt-quiet", "data-key": "close", onclick: () => this.dialog.close() }, this.say("close"))), h("div", { class: "pt-dialog-body", tabindex: "0" }, inside));
    if (!this.dialog.open) this.dialog.showModal();
  }

  closed() {
    this.dialog.replaceChildren();
    if (this.view.document) this.closeDocument();
    if (this.returnTo) this.root.querySelector(`[data-key="${CSS.escape(this.returnTo)}"]`)?.focus({ preventScroll: true });
  }

  /** Closing a document leaves no entry behind that the next Back would open again. */
  closeDocument() {
    if (!this.settings.hash || !history.state?.reader) {
      this.change({ document: "" }, { keep: this.settings.hash ? history.state || {} : {} });
      return;
    }
    this.view = { ...this.view, document: "" };
    this.settings.onview(content(this.view));
    history.back();
  }

  saveDialog(panel) {
    const id = `pt-${this.id}-name`;
    const input = h("input", { id, type: "text", maxlength: "100", "data-key": "save-name" });
    const result = h("div", { role: "status" });
    let other = Boolean(this.ofBoth(panel) && this.reading);
    const save = async () => {
      result.textContent = this.say("working");
      const question = { ask: "save", panel, view: content(this.view), other };
      if (input.value.trim()) question.name = input.value.trim();
      const answer = await this.ask("save", question);
      // The bar that says so is behind the dialog.
      if (!answer) { result.replaceChildren(this.gone ? this.problem({ error: this.lostWords() }) : ""); return; }
      if (answer.error) { result.replaceChildren(this.problem(answer)); return; }
      result.replaceChildren(h("p", {}, this.say("saved", { folder: answer.folder })), h("ul", {}, answer.files.map((name) => h("li", {}, h("code", {}, name)))));
    };
    input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); save(); } });
    const which = h("div", {});
    const choice = () => {
      which.replaceChildren(this.sides("save", other, (chosen) => { other = chosen; choice(); which.querySelector('[aria-pressed="true"]').focus(); }));
    };
    if (this.ofBoth(panel)) choice();
    this.opened(`${this.say("save")}${this.say("colon")}${this.say(`panel_${panel}`)}`, h("div", {},
      h("div", { class: "pt-row" }, which, h("div", { class: "pt-field" }, h("label", { for: id }, this.say("save_name")), input),
        h("button", { type: "button", class: "pt-main-button", "data-key": "save-do", onclick: save }, this.say("save_do"))), result));
    input.focus();
  }

  async codeDialog(panel, other = Boolean(this.ofBoth(panel) && this.reading)) {
    const again = this.dialog.open;
    const answer = await this.ask("code", { ask: "code", panel, view: content(this.view), other });
    if (!answer || again !== this.dialog.open) return;
    if (answer.error) { this.note(`${answer.error} ${answer.hint || ""}`); return; }
    const sides = this.ofBoth(panel) ? this.sides("code", other, (chosen) => this.codeDialog(panel, chosen)) : "";
    this.opened(this.say("code"), h("div", {}, sides, h("p", {}, this.say("code_note")), h("pre", { tabindex: "0" }, h("code", {}, answer.code)),
      h("button", { type: "button", class: "pt-main-button", onclick: () => this.copy(answer.code) }, this.say("copy"))));
    if (again) this.dialog.querySelector('.pt-sides [aria-pressed="true"]')?.focus();
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.note(this.say("copied"));
    } catch {
      this.note(this.say("copy_failed"));
    }
  }

  note(text) {
    const place = this.dialog && this.dialog.open ? this.dialog : this.root;
    const note = h("div", { class: "pt-note", role: "status" }, text);
    place.append(note);
    setTimeout(() => note.remove(), 6000);
  }

  /** The server or the kernel is gone: say so, keep everything. */
  lost(error) {
    this.gone = true;
    this.forbidden = Boolean(error && error.forbidden);
    const words = this.options ? this.lostWords() : this.forbidden ? LET_IN : String((error && error.message) || error);
    this.bar.hidden = false;
    this.bar.replaceChildren(h("span", {}, words), !this.options && this.forbidden ? "" : h("button", { type: "button", onclick: () => { if (this.options) this.refresh(); else this.start(); } }, this.options ? this.say("retry") : "Try again · 重试"));
    for (const card of Object.values(this.cards)) this.busy(card.section, false);
  }

  lostWords() {
    return this.say(this.forbidden ? "lost_forbidden" : "lost");
  }

  found() {
    if (!this.gone) return;
    this.gone = false;
    this.bar.hidden = true;
    this.bar.replaceChildren();
  }
}

/** Whether two views differ in nothing but these. */
function onlyAbout(one, other, names) {
  const rest = (view) => Object.entries(view).filter(([name]) => !names.includes(name));
  return same(rest(one), rest(other));
}

/** A menu that closes on Escape and when something else is chosen. */
function closing(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); event.stopPropagation(); }
  });
  menu.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false; });
  return menu;
}

/** Arrow keys among the marks of one picture: the nearest in that direction. */
function travel(event, buttons) {
  const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const ends = { Home: buttons[0], End: buttons[buttons.length - 1] };
  const from = buttons.indexOf(document.activeElement);
  let to = ends[event.key];
  if (event.key in ways && from >= 0) {
    const [x, y] = ways[event.key];
    const middle = (button) => { const box = button.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; };
    const [left, top] = middle(buttons[from]);
    let best = Infinity;
    for (const button of buttons) {
      const [otherLeft, otherTop] = middle(button);
      const along = x * (otherLeft - left) + y * (otherTop - top);
      const across = Math.abs(y * (otherLeft - left)) + Math.abs(x * (otherTop - top));
      if (along > 1 && along + 3 * across < best) { best = along + 3 * across; to = button; }
    }
  }
  if (!to) { if (event.key in ways) event.preventDefault(); return; }
  event.preventDefault();
  buttons.forEach((button) => { button.tabIndex = button === to ? 0 : -1; });
  to.focus();
}

function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* a browser may keep nothing */ }
}

function remembered(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

/** The page of `policy-themes explore`: the token comes by the address once and is kept for this tab. */
export function startPage(root) {
  const given = new URLSearchParams(location.search).get("token");
  if (given) {
    try { sessionStorage.setItem("pt-token", given); } catch { /* then it lives as long as the page */ }
    history.replaceState(null, "", location.pathname + location.hash);
  }
  let token = given;
  try { token = token || sessionStorage.getItem("pt-token"); } catch { /* nothing is kept */ }
  const ask = async (question) => {
    const answer = await fetch("ask", { method: "POST", headers: { "Content-Type": "application/json", "X-Token": token || "" }, body: JSON.stringify(question) });
    if (!answer.ok) throw Object.assign(new Error(`HTTP ${answer.status}`), { forbidden: answer.status === 403 });
    return answer.json();
  };
  return mount(root, ask, { hash: true });
}

/** The widget of a notebook: questions and answers are messages with a number. */
function render({ model, el }) {
  let last = 0;
  const waiting = new Map();
  const client = Math.random().toString(36).slice(2);
  const heard = (message) => {
    if (!message || message.client !== client || !waiting.has(message.id)) return;
    const { done, timer } = waiting.get(message.id);
    clearTimeout(timer);
    waiting.delete(message.id);
    done(message.answer);
  };
  model.on("msg:custom", heard);
  const ask = (question) => new Promise((done, fail) => {
    const id = (last += 1);
    // A kernel that has died sends nothing, ever.
    const timer = setTimeout(() => { waiting.delete(id); fail(new Error("The kernel does not answer. 内核没有回应。")); }, 120000);
    waiting.set(id, { done, timer });
    model.send({ client, id, question });
  });
  const place = document.createElement("div");
  el.append(place);
  const explorer = mount(place, ask, {
    initial: model.get("view") || {},
    onview: (view) => { model.set("view", view); model.save_changes(); },
  });
  return () => { model.off("msg:custom", heard); explorer.end(); };
}

export default { render };
