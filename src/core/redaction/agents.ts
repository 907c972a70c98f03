import type { AgentForm } from './policy';
import type { Fields } from './fields';

/** Fields that hold a user of the company as an object. */
const userFields = new Set(['user', 'createdBy', 'modifiedBy', 'fromUser', 'users', 'agent']);
const agentPurposes: ReadonlySet<unknown> = new Set(['agent', 'user']);

/** Calls the agents of a document as the policy says. */
export class AgentNames {
  /** @param pseudonymOf a name for the id of a user, the same for the same one within a package */
  constructor(
    private readonly form: AgentForm,
    private readonly pseudonymOf: (userId: string) => string,
  ) {}

  /**
   * An object with its agent called otherwise.
   * @param field name of the field that holds it
   * @returns null when it names no agent, or may name them
   */
  mask(value: Fields, field: string): Fields | null {
    if (this.form === 'name') return null;
    const isUser = userFields.has(field) && typeof value['id'] === 'string';
    const isAgent = agentPurposes.has(value['purpose'] ?? value['participantPurpose']);
    const userId = isUser ? value['id'] : value['userId'];
    if (typeof userId !== 'string') {
      if (!isAgent || typeof value['name'] !== 'string') return null;
      return { ...value, name: this.display(value['name'], null) };
    }
    const pseudonym = this.pseudonymOf(userId);
    const named = (name: unknown): string =>
      this.display(typeof name === 'string' ? name : '', pseudonym);
    if (isUser) return { id: pseudonym, name: named(value['name']) };
    return {
      ...value,
      userId: pseudonym,
      ...(isAgent && 'name' in value ? { name: named(value['name']) } : {}),
    };
  }

  private display(name: string, pseudonym: string | null): string {
    if (this.form === 'pseudonym' && pseudonym !== null) return pseudonym;
    const [first = ''] = this.form === 'firstName' ? name.trim().split(/\s+/) : [];
    return first === '' ? 'Agent' : first;
  }
}
