import { z } from 'zod';
import { badRequest, missingPermissions, operation, type Operation } from '../operation';

const protection = z.strictObject({ conversationIds: z.array(z.string()).min(1).max(100) });
const protect = {
  any: ['recording:deletionProtection:apply', 'recording:deletionProtection:revoke'],
};

/** Deletion protection of recordings. */
export const deletionProtectionOperations: Operation[] = [
  operation({
    method: 'POST',
    path: '/api/v2/recordings/deletionprotection',
    query: z.strictObject({}),
    body: protection,
    permissions: {},
    handle: ({ body, state }) => ({
      status: 200,
      body: body.conversationIds
        .filter((id) => state.protectedConversations.has(id))
        .map((id) => ({ id, selfUri: `/api/v2/conversations/${id}` })),
    }),
  }),
  operation({
    method: 'PUT',
    path: '/api/v2/recordings/deletionprotection',
    query: z.strictObject({ protect: z.enum(['true', 'false']).default('true') }),
    body: protection,
    permissions: protect,
    handle: ({ body, query, state }) => {
      const { protectedConversations, settings } = state;
      // Each opens the call, and each action requires its own.
      const needed = `recording:deletionProtection:${query.protect === 'true' ? 'apply' : 'revoke'}`;
      if (state.lacks(needed)) throw missingPermissions([needed]);
      const after = new Set([...protectedConversations, ...body.conversationIds]);
      if (query.protect === 'true' && after.size > settings.protectionLimit)
        throw badRequest('The limit of protected conversations is reached.', 'limit.exceeded');
      for (const id of body.conversationIds) {
        if (query.protect === 'true') protectedConversations.add(id);
        else protectedConversations.delete(id);
      }
      return { status: 200, body: { failedUpdates: [] } };
    },
  }),
];
