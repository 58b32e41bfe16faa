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
/** The next full five minutes from then on: what interviews begin at. */
const onTheTick = (minutes: number) => new Date(Math.ceil((Date.now() + minutes * 60_000) / 300_000) * 300_000).toISOString();
const inDays = (days: number) => inMinutes(days * 24 * 60).slice(0, 10);

async function signIn(login: string): Promise<Api> {
  const { sessionCreate } = await Api.at(site).ask(day.SignInDocument, { input: { login, password: PASSWORD } });
  return Api.at(site).as(made(sessionCreate).accessToken);
}

async function whoIs(api: Api): Promise<{ user: string; organization: string }> {
  const { viewer } = await api.ask(day.WhoAmIDocument, {});
  assert(viewer?.user && viewer.membership?.organization);
  return { user: viewer.user.id, organization: viewer.membership.organization.id };
}

/** Drafted and submitted by the park, published by somebody of the county. */
async function announce(park: Api, officer: Api): Promise<string> {
  const text = {
    title: "园区企业集中群面",
    description: "技术研发、质量管理与财务会计岗位，请携带简历。",
    place: "营山经济开发区人才服务中心",
    startsAt: onTheTick(6),
    endsAt: onTheTick(180),
    registrationOpensAt: inMinutes(-1),
    registrationClosesAt: inMinutes(5),
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
  slots: string[];
}

/** A booth, a position that the county has read, and four slots for nine students each. */
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
  const { user, organization: enterprise } = await whoIs(recruiter);
  const laidOut = await recruiter.ask(day.LayOutDocument, {
    input: {
      eventId, place: "营山经济开发区人才服务中心", room: booth, interviewerIds: [user],
      startsAt: onTheTick(7), endsAt: onTheTick(47), slotMinutes: 10, bufferMinutes: 0, groupSize: 9,
    },
  });
  const slots = made(laidOut.interviewSessionCreate).slots.nodes.map(({ id }) => id);
  return { recruiter, enterprise, position: id, slots };
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

/** The desk opens, unless the system was faster: it does so an hour before the event. */
async function openCheckIn(park: Api, id: string): Promise<void> {
  const { recruitmentEvent } = await park.ask(day.EventDocument, { id });
  assert(recruitmentEvent);
  if (recruitmentEvent.status === "PUBLISHED") {
    await park.ask(day.OpenCheckInDocument, { input: { id, expectedVersion: recruitmentEvent.version } });
  }
  assert.equal((await park.ask(day.EventDocument, { id })).recruitmentEvent?.status, "CHECK_IN_OPEN");
}

/** Applied, read and interviewed in this slot: the application and its version. */
async function meet(student: Student, { recruiter, position, slots }: Booth, eventId: string, slot?: number) {
  const applied = await student.api.ask(day.ApplyDocument, { input: { positionId: position, eventId } });
  const { id, version } = made(applied.applicationSubmit);
  const { application } = await recruiter.ask(day.ApplicantDocument, { id });
  assert.deepEqual(application?.resume?.current?.content.headline, "应届毕业生");
  if (slot === undefined) return { id, version };
  const step = (expectedVersion: number) => ({ input: { id, expectedVersion } });
  const shortlisted = made((await recruiter.ask(day.ShortlistDocument, step(version))).applicationShortlist);
  made((await recruiter.ask(day.InviteToInterviewDocument, step(shortlisted.version))).applicationInvite);
  const booked = await student.api.ask(day.BookDocument, { input: { applicationId: id, slotId: at(slots, slot) } });
  const booking = made(booked.interviewBookingCreate);
  const here = await recruiter.ask(day.ComeInDocument, { input: { id: booking.id, expectedVersion: booking.version } });
  const { version: expectedVersion } = made(here.interviewBookingCheckIn);
  const done = await recruiter.ask(day.InterviewedDocument, { input: { id: booking.id, expectedVersion } });
  const { application: interviewed } = made(done.interviewBookingFinish);
  assert.equal(interviewed?.status, "INTERVIEWED");
  return { id, version: interviewed.version };
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

  const { organization: university } = await whoIs(admin);
  const invited = await Promise.all(
    numbers(STUDENTS).map(() => admin.ask(day.InviteDocument, { input: { organizationId: university, role: "STUDENT" } })),
  );
  const tokens = invited.map(({ invitationCreate }) => made(invitationCreate).token);
  const students = await Promise.all(numbers(STUDENTS).map((number) => arrive(number, at(tokens, number), eventId, booths)));
  say(`${STUDENTS} students joined, wrote résumés, consented and registered at once`);

  const screen = watch(staff, eventId, `${STUDENTS} → ${INTERVIEWED} → ${INTENTIONS}`);
  await openCheckIn(park, eventId);
  await checkIn(park, eventId, students);
  const { recruitmentEvent } = await park.ask(day.EventDocument, { id: eventId });
  assert.equal(recruitmentEvent?.checkedInCount, STUDENTS);
  say("all were checked in by their codes, each batch sent twice");

  const met = await Promise.all(
    students.map(async (student, number) => {
      // Nine at each of three booths in each slot; the last slot is for those who go to a second booth.
      const slot = number < INTERVIEWED ? Math.floor(number / 27) : undefined;
      const first = await meet(student, at(booths, number % 3), eventId, slot);
      if (number < TWICE) await meet(student, at(booths, (number + 1) % 3), eventId, 3);
      return first;
    }),
  );
  const { interviewQueue } = await park.ask(day.HallDocument, { eventId });
  const done = interviewQueue?.lines.map(({ done }) => done).reduce((sum, count) => sum + count, 0);
  assert.equal(done, INTERVIEWED + TWICE);
  say(`${INTERVIEWED} were interviewed in the slots that they booked, ${TWICE} of them twice`);

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
