import type { AgentForm } from './policy';
import type { Fields } from './fields';
import { isStaffPurpose, userFields } from './people/fields';
import type { Trace } from './people/known';

/** What somebody is called of whom nothing else may be told. */
const someAgent = 'Agent';
/** Names of an agent in an object that is of one. */
const nameFields = ['name', 'participantName', 'displayName', 'nickname'] as const;

/** Calls the agents of a document as the policy says. */
export class AgentNames {
  /** @param pseudonymOf a name for the id of a user, the same for the same one within a package */
  constructor(
    private readonly form: AgentForm,
    private readonly pseudonymOf: (userId: string) => string,
  ) {}

  /** Whether agents are called by their names. */
  get areNamed(): boolean {
    return this.form === 'name';
  }

  /** What stands for the id of a user. */
  id(userId: string): string {
    return this.areNamed ? userId : this.pseudonymOf(userId);
  }

  /** What an agent is called for whom something stands; null where they may be named. */
  call({ kind, value, userId }: Trace): string | null {
    if (this.areNamed) return null;
    if (kind === 'id') return this.pseudonymOf(value);
    const pseudonym = userId === undefined ? null : this.pseudonymOf(userId);
    return this.display(kind === 'name' ? value : '', pseudonym);
  }

  /**
   * An object with its agent called otherwise.
   * @param field name of the field that holds it
   * @returns null when it names no agent, or may name them
   */
  mask(value: Fields, field: string): Fields | null {
    if (this.areNamed) return null;
    const isUser = userFields.has(field) && this.isUser(value);
    const isAgent = isStaffPurpose(value['purpose'] ?? value['participantPurpose']);
    const userId = isUser ? value['id'] : value['userId'];
    const pseudonym = typeof userId === 'string' ? this.pseudonymOf(userId) : null;
    const named = (name: unknown): string =>
      this.display(typeof name === 'string' ? name : '', pseudonym);
    if (isUser) {
      const name = value['name'] ?? value['displayName'];
      return pseudonym === null ? { name: named(name) } : { id: pseudonym, name: named(name) };
    }
    const names = isAgent
      ? nameFields.filter((name) =>
          pseudonym === null || name !== 'name'
            ? typeof value[name] === 'string'
            : value[name] !== undefined,
        )
      : [];
    const isActor = Array.isArray(value['remoteIp']) && this.isUserObject(value['user']);
    if (pseudonym === null && names.length === 0 && !isActor) return null;
    return {
      ...value,
      // From where somebody of the company has worked (AuditLogMessage).
      ...(isActor ? { remoteIp: [] } : {}),
      ...(pseudonym === null ? {} : { userId: pseudonym }),
      ...Object.fromEntries(names.map((name) => [name, named(value[name])])),
    };
  }

  private isUserObject(value: unknown): boolean {
    return typeof value === 'object' && value !== null && this.isUser(value as Fields);
  }

  /** Whether what stands in a field of a user says who it is. */
  private isUser({ id, name, displayName, username }: Fields): boolean {
    if (typeof id === 'string') return true;
    return id === undefined && [name, displayName, username].some((one) => typeof one === 'string');
  }

  display(name: string, pseudonym: string | null): string {
    if (this.form === 'pseudonym' && pseudonym !== null) return pseudonym;
    // `Last, First` is how mails name people.
    const given = name.slice(name.indexOf(',') + 1).trim();
    const [first = ''] = this.form === 'firstName' ? given.split(/\s+/) : [];
    return first === '' ? someAgent : first;
  }
}
