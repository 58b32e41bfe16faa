// What the server tells this page before it opens.

export type Persona = { login: string; name: string; role: string; organization: string };
export type Example = { title: string; query: string; variables: string | null; persona: string | null };
export type Config = { personas: Persona[]; password: string | null; tabs: Example[] };

const NONE: Config = { personas: [], password: null, tabs: [] };

export async function loadConfig(): Promise<Config> {
  try {
    const response = await fetch("/graphiql/config.json");
    return { ...NONE, ...((await response.json()) as Partial<Config>) };
  } catch {
    return NONE; // The page is still useful without personas and examples.
  }
}

/** As GraphiQL finds it: the name of a tab. */
export function operationName(query: string | null | undefined): string | null {
  return /^(?!#).*(query|subscription|mutation)\s+([a-zA-Z0-9_]+)/m.exec(query ?? "")?.[2] ?? null;
}

const ROLES: Record<string, string> = {
  UNIVERSITY_ADMIN: "University admin 高校合作处管理员",
  UNIVERSITY_STAFF: "University staff 高校就业实习专员",
  PROFESSOR: "Professor 教授/专家",
  STUDENT: "Student 学生",
  COUNTY_ADMIN: "County admin 县级合作管理员",
  COUNTY_OFFICER: "County officer 县级部门专员",
  ENTERPRISE_ADMIN: "Enterprise admin 企业管理员",
  ENTERPRISE_RECRUITER: "Recruiter 企业招聘/导师",
  AUDITOR: "Auditor 监督审计",
  PLATFORM_ADMIN: "Platform admin 平台管理员",
  SERVICE_ACCOUNT: "Service account 系统对接",
};

export const roleName = (role: string) => ROLES[role] ?? role;
