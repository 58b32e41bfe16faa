// The tables.

const NAMES = {
  q1: "Q1: one agreement by its id",
  q2: "Q2: a page of 20 agreements with parties and items",
  q3: "Q3: a dashboard, four levels deep",
  q4: "Q4: agreements counted by county and status",
  t3: "T3: a dashboard of the talent pipelines, four levels deep",
  t4: "T4: the talent funnel of one event",
  m1: "M1: a new item",
  tm1: "TM1: a student's application for a position",
};

export const median = (values) => {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

const digits = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** The table of one operation; `results` are candidate and runs. */
export function operation(name, bytes, results) {
  const pace = (wanted) => {
    const found = results.find(({ candidate }) => candidate.name === wanted);
    return found && median(found.runs.map((run) => run.pace));
  };
  const [peer, limit, visible] = [pace("postgraphile"), pace("limit"), pace("limit-visible")];
  const rows = results.map(({ candidate, runs }) => {
    const of = (key) => median(runs.map((run) => run[key]));
    const paces = runs.map((run) => run.pace);
    const ratio = (base) => (base ? `${(of("pace") / base).toFixed(2)}×` : "");
    return [
      candidate.title,
      digits(of("pace")),
      `${digits(Math.min(...paces))}–${digits(Math.max(...paces))}`,
      ratio(peer),
      ratio(limit),
      ratio(visible),
      digits(of("p50")),
      digits(of("p99")),
      of("server").toFixed(3),
      candidate.database === "sqlite" ? "in it" : of("database").toFixed(3),
      digits(Math.max(...runs.map((run) => run.peak))),
      runs.reduce((sum, run) => sum + run.failed, 0),
    ];
  });
  const head = ["", "requests/s", "min–max", "to PostGraphile", "to the limit", "with visibility", "p50 ms", "p99 ms", "server CPU ms",
    "database CPU ms", "peak MiB", "failed"];
  return `### ${NAMES[name]} (${bytes} bytes)\n\n${table(head, rows)}\n`;
}

/** Start and memory. */
export function rest(results) {
  const rows = results.map(({ candidate, rest }) => [
    candidate.title,
    digits(rest.started),
    digits(rest.idle),
    rest.crowd ? digits(rest.crowd.peak) : "",
    rest.crowd ? rest.crowd.failed : "",
  ]);
  const head = ["", "first answer ms", "idle MiB", "peak MiB, Q2 at 64 connections", "failed"];
  return `### Start and memory\n\n${table(head, rows)}\n`;
}
