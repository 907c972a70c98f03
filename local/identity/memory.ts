import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  payload: AdapterPayload;
  /** Milliseconds since 1970. */
  endsAt: number;
}

/** Keeps what one provider has issued, for as long as it is valid. */
export class ProviderMemory {
  private readonly entries = new Map<string, Entry>();

  /** What the provider reads and writes its models of a kind by. */
  adapter(model: string): Adapter {
    const { entries } = this;
    const find = (id: string) => Promise.resolve(this.valid(`${model}:${id}`));
    const findBy = (name: 'uid' | 'userCode', value: string) =>
      Promise.resolve(this.ofModel(model).find((payload) => payload[name] === value));
    return {
      find,
      findByUid: (uid) => findBy('uid', uid),
      findByUserCode: (userCode) => findBy('userCode', userCode),
      upsert: (id, payload, expiresIn) => {
        const endsAt = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000;
        entries.set(`${model}:${id}`, { payload, endsAt });
        return Promise.resolve();
      },
      consume: async (id) => {
        const payload = await find(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: (id) => {
        entries.delete(`${model}:${id}`);
        return Promise.resolve();
      },
      revokeByGrantId: (grantId) => {
        for (const [key, { payload }] of entries) {
          if (payload.grantId === grantId) entries.delete(key);
        }
        return Promise.resolve();
      },
    };
  }

  private ofModel(model: string): AdapterPayload[] {
    const keys = [...this.entries.keys()].filter((key) => key.startsWith(`${model}:`));
    return keys.map((key) => this.valid(key)).filter((payload) => payload !== undefined);
  }

  private valid(key: string): AdapterPayload | undefined {
    const entry = this.entries.get(key);
    if (entry && entry.endsAt > Date.now()) return entry.payload;
    this.entries.delete(key);
    return undefined;
  }
}
