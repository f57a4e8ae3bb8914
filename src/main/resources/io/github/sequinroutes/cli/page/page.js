"use strict";
// Asks the process every few seconds how it does, and shows it. What comes from there is put in as text, never as HTML.
(() => {
  const EVERY_MS = 5000;
  const TIMEOUT_MS = 10000;
  const HOUR = 3600;
  const SHORTEST = 300; // seconds that a chart shows at least: after a start the hour is yet to come
  const ORDER = ["paused", "failing", "outdated", "no-route", "running", "waiting"];
  const WORDS = { waiting: "no message yet", "no-route": "to dead letters" };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const sections = new Map(); // by the name of the bundle
  let answered = null;

  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const exactClock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" });
  const whole = new Intl.NumberFormat("en");
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

  function duration(seconds) {
    if (seconds < 1) return seconds > 0 ? seconds.toFixed(1) + " s" : "0 s";
    if (seconds < 120) return Math.round(seconds) + " s";
    if (seconds < 2 * HOUR) return Math.round(seconds / 60) + " min";
    return seconds < 48 * HOUR ? Math.round(seconds / HOUR) + " h" : Math.round(seconds / HOUR / 24) + " d";
  }

  const rate = (perSecond) => (perSecond < 10 && perSecond > 0 ? perSecond.toFixed(1) : short.format(perSecond)) + "/s";

  const CHARTS = [
    { key: "rate", title: "Messages a second", form: rate },
    { key: "lag", title: "Lag of the tables", form: duration },
    { key: "pending", title: "Messages pending at Sequin", form: (count) => short.format(count) },
  ];

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  /** Changes a text only if it is another: a reader is told of each change. */
  function say(where, text) {
    if (where.textContent !== text) where.textContent = text;
  }

  /** Makes children again only if what they show is new. */
  function show(where, shown, make) {
    const now = JSON.stringify(shown);
    if (where.shown !== now) {
      where.shown = now;
      where.replaceChildren(...shown.map(make));
    }
  }

  function cell(label, text, className, name = "td") {
    const made = element(name, text, className);
    made.dataset.label = label;
    made.setAttribute("role", name === "th" ? "rowheader" : "cell");
    if (name === "th") made.scope = "row";
    return made;
  }

  function row(className, cells) {
    const made = element("tr", undefined, className);
    made.setAttribute("role", "row");
    made.append(...cells);
    return made;
  }

  function collectionRow(one) {
    const state = cell("State", undefined, one.why ? "wide" : "");
    state.append(element("span", WORDS[one.state] || one.state, "tag"));
    if (one.why) state.append(element("span", one.why, "why"));
    const count = (label, ...outcomes) =>
      cell(label, whole.format(outcomes.reduce((sum, outcome) => sum + one.messages[outcome], 0)), "number");
    return row(one.state, [
      cell("Collection", one.name, "", "th"),
      state,
      count("Written", "written"),
      count("Deleted", "deleted"),
      count("Older", "ignored-as-old", "superseded"),
      count("Dead letters", "dead-lettered"),
      count("Left unacked", "left-unacked", "unsettled"),
    ]);
  }

  function letterRow(one) {
    return row("", [
      cell("ID", String(one.id), "number", "th"),
      cell("Age", duration(one.age_seconds) + (one.attempts > 1 ? `, ${one.attempts} attempts` : ""), "age"),
      cell("Collection", one.collection || "none"),
      cell("Key", one.key || "none"),
      cell("Reason", one.reason + (one.sqlstate ? ` (${one.sqlstate})` : ""), "reason"),
      cell("Error", one.error || "", "wide"),
    ]);
  }

  function figure(name, value, isBad) {
    const made = element("div", undefined, isBad ? "bad" : "");
    made.append(element("dt", name), element("dd", value));
    return made;
  }

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  class Chart {
    constructor(kind, where) {
      this.kind = kind;
      this.figure = element("figure");
      this.figure.dataset.chart = kind.key;
      const caption = element("figcaption");
      this.said = element("span");
      caption.append(element("strong", `${kind.title}, last hour`), this.said);
      this.frame = element("div", undefined, "chart");
      this.frame.setAttribute("aria-hidden", "true"); // the caption says the same
      this.figure.append(caption, this.frame);
      where.append(this.figure);
      new ResizeObserver(() => this.plot && this.plot.setSize(this.size())).observe(this.frame);
      dark.addEventListener("change", () => this.draw());
    }

    size() {
      return { width: Math.max(100, this.frame.clientWidth), height: this.frame.clientHeight };
    }

    show(times, values) {
      this.data = [times, values];
      const known = values.filter((value) => value !== null);
      this.figure.hidden = known.length === 0 && this.kind.key === "pending"; // the Stream API does not tell
      const form = this.kind.form;
      say(
        this.said,
        known.length === 0
          ? "nothing known yet"
          : `now ${form(known[known.length - 1])}, least ${form(Math.min(...known))}, most ${form(Math.max(...known))}`,
      );
      this.figure.dataset.points = known.length;
      if (this.plot) this.plot.setData(this.data);
      else this.draw();
    }

    draw() {
      if (!this.data || this.figure.hidden) return;
      if (this.plot) this.plot.destroy();
      const stroke = color("--" + this.kind.key);
      const axis = { stroke: color("--muted"), grid: { stroke: color("--grid"), width: 1 }, ticks: { show: false } };
      this.plot = new uPlot(
        {
          ...this.size(),
          padding: [8, 22, 0, 0],
          legend: { show: false },
          cursor: { show: false },
          scales: {
            x: { range: () => [Math.max(answered.now - HOUR, Math.min(this.data[0][0], answered.now - SHORTEST)), answered.now] },
            y: { range: (plot, least, most) => [0, Math.max(5, most * 1.1)] },
          },
          axes: [
            { ...axis, space: 60, size: 28, values: (plot, ticks) => ticks.map((tick) => clock.format(tick * 1000)) },
            { ...axis, space: 35, size: 60, values: (plot, ticks) => ticks.map(this.kind.form) },
          ],
          series: [{}, { stroke, width: 2, fill: stroke + "22", points: { show: () => this.figure.dataset.points < 3 } }],
        },
        this.data,
        this.frame,
      );
    }
  }

  class Section {
    constructor(name) {
      const made = document.getElementById("bundle").content.cloneNode(true);
      const find = (selector) => made.querySelector(selector);
      this.section = find("section");
      this.heading = find("h2");
      this.problems = find(".problems");
      this.figures = find(".figures");
      this.collections = find(".collections tbody");
      this.lettersState = find(".letters-state");
      this.lettersTable = find(".letters");
      this.letters = find(".letters tbody");
      this.heading.textContent = name;
      document.getElementById("bundles").append(this.section);
      this.charts = CHARTS.map((kind) => new Chart(kind, this.section.querySelector(".charts")));
    }

    show(bundle, isAlone) {
      this.heading.className = isAlone ? "unseen" : "";
      show(this.problems, bundle.problems, (one) => element("li", `${one.of}: ${one.what}`));
      this.problems.hidden = bundle.problems.length === 0;
      const last = bundle.history[bundle.history.length - 1];
      const letters = bundle.dead_letters;
      const paused = bundle.collections.filter((one) => one.state === "paused").length;
      const routed = bundle.collections.filter((one) => one.state !== "no-route").length;
      const pendingLetters =
        letters.pending === null ? "unknown" : whole.format(letters.pending) + (letters.pending >= letters.max_pending ? " or more" : "");
      const figures = [
        ["Messages a second", last.rate === null ? "–" : rate(last.rate), false],
        ["Lag", duration(last.lag), false],
        ["Pending messages", last.pending === null ? "not told" : whole.format(last.pending), false],
        ["Collections paused", `${paused} of ${routed}`, paused > 0],
        ["Dead letters to replay", pendingLetters, letters.pending > 0],
      ];
      show(this.figures, figures, (one) => figure(...one));
      const times = bundle.history.map((point) => point.at);
      for (const chart of this.charts) chart.show(times, bundle.history.map((point) => point[chart.kind.key]));
      const collections = [...bundle.collections].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
      show(this.collections, collections, collectionRow);
      show(this.letters, letters.newest, letterRow);
      this.lettersTable.hidden = letters.newest.length === 0;
      const known = letters.newest.length === 0 ? "None are to be replayed." : "What failed last is first; the command replay shows all of each.";
      say(
        this.lettersState,
        letters.problem === null
          ? known
          : `PostgreSQL does not tell them now: ${letters.problem}` +
              (letters.pending === null ? "" : ` What is here is of ${duration(letters.age_seconds)} ago.`),
      );
    }
  }

  const troubles = (bundle) => bundle.problems.length + bundle.collections.filter((one) => "paused failing".includes(one.state)).length;

  function state(report) {
    if (!report.running) return ["", "The routes are starting or stopping"];
    const count = report.bundles.reduce((sum, bundle) => sum + troubles(bundle), 0);
    if (count > 0) return ["bad", count === 1 ? "1 problem" : `${count} problems`];
    return ["good", "Records flow"];
  }

  function tell([className, text]) {
    const where = document.getElementById("state");
    where.className = `state ${className}`;
    say(where, text);
    document.title = className === "good" ? "sequin-postgres-routes" : `${text} – sequin-postgres-routes`;
  }

  function present(report) {
    answered = report;
    tell(state(report));
    for (const bundle of report.bundles) {
      if (!sections.has(bundle.name)) sections.set(bundle.name, new Section(bundle.name));
      sections.get(bundle.name).show(bundle, report.bundles.length === 1);
    }
    say(document.getElementById("updated"), `${report.version}, as of ${exactClock.format(new Date())}.`);
  }

  function fail(response) {
    const since = answered === null ? "" : `; what is here is of ${exactClock.format(answered.now * 1000)}`;
    const why = response === undefined ? "The process does not answer" : response.status === 401 ? "The token is not accepted, load the page again" : `The process answers ${response.status}`;
    tell(["bad", why + since]);
  }

  async function ask() {
    try {
      // a user and a password in the page's address may not be in that of a request
      const response = await fetch(location.origin + location.pathname + "/status", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
      return response.ok ? { report: await response.json() } : { response };
    } catch {
      return {}; // no answer, or not the whole of it
    }
  }

  async function refresh() {
    const { report, response } = await ask();
    setTimeout(refresh, EVERY_MS);
    if (report) present(report);
    else fail(response);
  }

  refresh();
})();
