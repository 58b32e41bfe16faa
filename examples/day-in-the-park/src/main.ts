// A day in the park, by everybody who was there: `node build/main.js http://localhost:8080`, against `hezuo serve --demo`.
//
// 72 students register, are checked in, apply, meet three enterprises and say what they want, all at the same time. By
// evening the funnel shows 72 → 64 → 31: counted from what happened, not from what this script believes. Exit code 0 or 1.

import { strict as assert } from "node:assert";
import { Api, made } from "./api.js";
import * as day from "./gql/graphql.js";
import type { Engagement, PositionFamily, TalentFunnelStage } from "./gql/graphql.js";

const STUDENTS = 72;
const INTERVIEWED = 64;
/** These were interviewed at a second enterprise too, and are one student each. */
const TWICE = 10;
const INTENTIONS = 31;
const NEGOTIATIONS = 9;
const PASSWORD = "hezuo-demo";

const site = process.argv[2] ?? "http://localhost:8080";
const began = Date.now();
const say = (text: string) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${text}`);
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
const at = <T>(list: readonly T[], number: number): T => {
  const found = list[number];
  assert(found !== undefined);
  return found;
};
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const inDays = (days: number) => inMinutes(days * 24 * 60).slice(0, 10);

async function signIn(login: string): Promise<Api> {
  const { sessionCreate } = await Api.at(site).ask(day.SignInDocument, { input: { login, password: PASSWORD } });
  return Api.at(site).as(made(sessionCreate).accessToken);
}

async function organization(api: Api): Promise<{ id: string; name: string }> {
  const { viewer } = await api.ask(day.WhoAmIDocument, {});
  assert(viewer?.membership?.organization);
  return viewer.membership.organization;
}

/** Drafted and submitted by the park, published by somebody of the county. */
async function announce(park: Api, officer: Api): Promise<string> {
  const text = {
    title: "园区企业集中群面",
    description: "技术研发、质量管理与财务会计岗位，请携带简历。",
    place: "营山经济开发区人才服务中心",
    startsAt: inMinutes(30),
    endsAt: inMinutes(210),
    registrationOpensAt: inMinutes(-1),
    registrationClosesAt: inMinutes(29),
    capacity: 80,
    booths: 12,
  };
  const held = await park.ask(day.HoldEventDocument, { input: { kind: "PARK_GROUP_INTERVIEW", text } });
  const { id, version } = made(held.recruitmentEventCreate);
  const sent = await park.ask(day.SubmitEventDocument, { input: { id, expectedVersion: version } });
  const expectedVersion = made(sent.recruitmentEventSubmit).version;
  made((await officer.ask(day.PublishEventDocument, { input: { id, expectedVersion } })).recruitmentEventPublish);
  return id;
}

interface Booth {
  recruiter: Api;
  enterprise: string;
  position: string;
}

/** A booth, and a position that the county has read. */
async function exhibit(
  [recruiter, park, officer]: [Api, Api, Api],
  eventId: string,
  [title, family, booth]: [string, PositionFamily, string],
): Promise<Booth> {
  const { eventExhibitorRequest } = await recruiter.ask(day.AskForBoothDocument, { input: { eventId } });
  const asked = made(eventExhibitorRequest);
  const place = { id: asked.id, expectedVersion: asked.version, booth };
  made((await park.ask(day.ConfirmBoothDocument, { input: place })).eventExhibitorConfirm);
  const written = await recruiter.ask(day.WritePositionDocument, {
    input: {
      content: {
        title, family, eventId, kind: "EMPLOYMENT", education: "BACHELOR", headcount: 30,
        description: "在导师带领下参与企业日常工作。", requirements: "专业相关，踏实肯学。",
        payMin: "500000", payMax: "800000", regionCode: "511322", address: "营山经济开发区", applyBy: inDays(60),
        majors: [], skills: [],
      },
    },
  });
  const { id, version } = made(written.positionCreate);
  const sent = await recruiter.ask(day.SubmitPositionDocument, { input: { id, expectedVersion: version } });
  const expectedVersion = made(sent.positionSubmit).version;
  made((await officer.ask(day.PublishPositionDocument, { input: { id, expectedVersion } })).positionPublish);
  return { recruiter, enterprise: (await organization(recruiter)).id, position: id };
}

interface Student {
  api: Api;
  registration: string;
  code: string;
}

/** From the university's invitation to the code that the desk will scan. */
async function arrive(number: number, token: string, eventId: string, booths: Booth[]): Promise<Student> {
  const login = `park.${began.toString(36)}.${number}`;
  const who = { token, login, displayName: `学生 ${number + 1}`, password: `park-${began}-${number}` };
  const { invitationAccept } = await Api.at(site).ask(day.JoinDocument, { input: who });
  const api = Api.at(site).as(made(invitationAccept).accessToken);
  const content = {
    headline: "应届毕业生",
    education: [{ school: "重庆理工大学", major: "120703T", level: "BACHELOR" as const, from: "2022-09" }],
    skills: [{ name: "SolidWorks", kind: "SOFTWARE" as const, level: "WORKING" as const }],
  };
  made((await api.ask(day.SaveResumeDocument, { input: { content } })).resumeSave);
  const { shareConsentNotice } = await api.ask(day.PrivacyNoticeDocument, {});
  assert(shareConsentNotice);
  for (const { enterprise } of booths) {
    const input = {
      organizationId: enterprise, purpose: "RECRUITMENT" as const, categories: ["PROFILE" as const],
      expiresOn: inDays(90), noticeVersion: shareConsentNotice.version,
    };
    made((await api.ask(day.ConsentDocument, { input })).shareConsentGive);
  }
  const registration = made((await api.ask(day.RegisterDocument, { input: { eventId } })).registrationCreate).id;
  const { registrationCode } = await api.ask(day.MyCodeDocument, { id: registration });
  assert(registrationCode);
  return { api, registration, code: registrationCode.code };
}

/** The desk's telephones send what they scanned, each batch twice: the network was bad. */
async function checkIn(park: Api, eventId: string, students: Student[]): Promise<void> {
  const scannedAt = new Date().toISOString();
  const scans = students.map(({ code, registration }) => ({ clientId: registration, code, scannedAt }));
  const batches = [scans.slice(0, 24), scans.slice(24, 48), scans.slice(48)];
  const outcomes = await Promise.all(
    [...batches, ...batches].map(async (scans) => {
      const sent = await park.ask(day.CheckInDocument, { input: { eventId, scans } });
      return made(sent.registrationCheckIn).scans.map(({ outcome }) => outcome);
    }),
  );
  const counted = (wanted: string) => outcomes.flat().filter((outcome) => outcome === wanted).length;
  assert.deepEqual([counted("CHECKED_IN"), counted("ALREADY")], [STUDENTS, STUDENTS]);
}

/** Applied, read and interviewed: the application and its version. */
async function meet(student: Student, { recruiter, position }: Booth, eventId: string, interviewed: boolean) {
  const applied = await student.api.ask(day.ApplyDocument, { input: { positionId: position, eventId } });
  const { id, version } = made(applied.applicationSubmit);
  const { application } = await recruiter.ask(day.ApplicantDocument, { id });
  assert.deepEqual(application?.resume?.current?.content.headline, "应届毕业生");
  if (!interviewed) return { id, version };
  const step = (expectedVersion: number) => ({ input: { id, expectedVersion } });
  const shortlisted = made((await recruiter.ask(day.ShortlistDocument, step(version))).applicationShortlist);
  const invited = made((await recruiter.ask(day.InviteToInterviewDocument, step(shortlisted.version))).applicationInvite);
  return made((await recruiter.ask(day.RecordInterviewDocument, step(invited.version))).applicationRecordInterview);
}

/** Wanted by the enterprise, and by the student. */
async function agree(student: Student, { recruiter }: Booth, { id, version }: { id: string; version: number }, engagement: Engagement) {
  const declared = await recruiter.ask(day.DeclareIntentionDocument, { input: { id, expectedVersion: version, engagement } });
  const { version: expectedVersion } = made(declared.applicationDeclareIntention);
  const confirmed = await student.api.ask(day.ConfirmIntentionDocument, { input: { id, expectedVersion } });
  return made(confirmed.applicationConfirmIntention);
}

type Figures = { stage: TalentFunnelStage; students?: number | null }[];
const shown = (stages: Figures) => stages.map(({ students }) => students ?? "–").join(" → ");

/** The screen in the hall: told whenever the figures change, until they are these. */
async function watch(staff: Api, eventId: string, until: string): Promise<number> {
  let told = 0;
  for await (const { talentFunnelChanged } of staff.listen(day.ScreenDocument, { eventId })) {
    assert(talentFunnelChanged);
    told += 1;
    const figures = shown(talentFunnelChanged.stages);
    say(`the screen shows ${figures}`);
    if (figures.startsWith(until)) return told;
  }
  throw new Error("the screen went dark");
}

async function main(): Promise<void> {
  const [park, officer, admin, staff] = await Promise.all(
    (["park.officer", "county.officer", "university.admin", "university.staff"] as const).map(signIn),
  ) as [Api, Api, Api, Api];
  const recruiters = await Promise.all(["enterprise.recruiter", "enterprise.admin.2", "enterprise.admin.3"].map(signIn));
  const eventId = await announce(park, officer);
  const positions: [string, PositionFamily, string][] = [
    ["面料研发工程师", "RESEARCH_AND_DEVELOPMENT", "A1"], ["质量工程师", "QUALITY", "A2"], ["财务会计", "ACCOUNTING", "A3"],
  ];
  const booths = await Promise.all(
    recruiters.map((recruiter, number) => exhibit([recruiter, park, officer], eventId, at(positions, number))),
  );
  say("the event is announced, three enterprises have booths and positions");

  const university = (await organization(admin)).id;
  const invited = await Promise.all(
    numbers(STUDENTS).map(() => admin.ask(day.InviteDocument, { input: { organizationId: university, role: "STUDENT" } })),
  );
  const tokens = invited.map(({ invitationCreate }) => made(invitationCreate).token);
  const students = await Promise.all(numbers(STUDENTS).map((number) => arrive(number, at(tokens, number), eventId, booths)));
  say(`${STUDENTS} students joined, wrote résumés, consented and registered at once`);

  const screen = watch(staff, eventId, `${STUDENTS} → ${INTERVIEWED} → ${INTENTIONS}`);
  const opened = made((await park.ask(day.OpenCheckInDocument, { input: { id: eventId, expectedVersion: 3 } })).recruitmentEventOpenCheckIn);
  await checkIn(park, eventId, students);
  const started = await park.ask(day.StartEventDocument, { input: { id: eventId, expectedVersion: opened.version } });
  assert.equal(made(started.recruitmentEventStart).checkedInCount, STUDENTS);
  say("all were checked in by their codes, each batch sent twice");

  const met = await Promise.all(
    students.map(async (student, number) => {
      const first = await meet(student, at(booths, number % 3), eventId, number < INTERVIEWED);
      if (number < TWICE) await meet(student, at(booths, (number + 1) % 3), eventId, true);
      return first;
    }),
  );
  say(`${INTERVIEWED} were interviewed, ${TWICE} of them twice`);

  const agreed = await Promise.all(
    numbers(INTENTIONS).map((number) =>
      agree(at(students, number), at(booths, number % 3), at(met, number), number % 3 === 2 ? "INTERNSHIP" : "EMPLOYMENT"),
    ),
  );
  await Promise.all(
    numbers(NEGOTIATIONS).map(async (number) => {
      const { id, version } = at(agreed, number);
      const input = { id, expectedVersion: version, dueOn: inDays(14), topic: "岗位内容与食宿" };
      const opened = await at(booths, number % 3).recruiter.ask(day.OpenNegotiationDocument, { input });
      assert.equal(made(opened.applicationOpenNegotiation).status, "IN_NEGOTIATION");
    }),
  );
  say(`${INTENTIONS} intentions of both sides, ${NEGOTIATIONS} with a negotiation to come`);
  const told = await screen;
  assert(told > 1, "the screen was told of the day as it went");

  const { talentFunnel } = await staff.ask(day.FunnelDocument, { eventId, groupBy: "ENTERPRISE" });
  assert(talentFunnel);
  assert.deepEqual(talentFunnel.stages.map(({ students }) => students), [STUDENTS, INTERVIEWED, INTENTIONS, 0, 0, 0, 0, 0]);
  assert.deepEqual(talentFunnel.stages[2]?.ofFirst, { students: INTENTIONS, of: STUDENTS, ratio: INTENTIONS / STUDENTS });
  // Ten are counted at two enterprises, and once above.
  const interviewed = talentFunnel.groups.map(({ stages }) => stages[0]?.students ?? 0).reduce((sum, count) => sum + count, 0);
  assert.equal(interviewed, INTERVIEWED + TWICE);
  const county = await officer.ask(day.FunnelDocument, { eventId });
  assert.equal(county.talentFunnel?.leastShown, 5);
  assert.deepEqual(county.talentFunnel.stages.map(({ students }) => students ?? null), [STUDENTS, INTERVIEWED, INTENTIONS, null, null, null, null, null]);
  // Whoever applied at two enterprises sees that two have read the résumé.
  const { resumeAccesses } = await at(students, 0).api.ask(day.MyReadersDocument, {});
  const readers = new Set(resumeAccesses?.nodes.map(({ organization }) => organization?.name));
  assert.equal(readers.size, 2);
  say(`the funnel: ${shown(talentFunnel.stages)}`);
}

await main();
