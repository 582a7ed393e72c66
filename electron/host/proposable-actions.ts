import { z } from 'zod';
import type { ProposableAction } from '../../shared/vocabulary/hand-proposal.ts';
import { actions } from '../actions/all.ts';
import { type Connector, systemsOf } from '../connectors/source.ts';

const Schema = z.record(z.string(), z.json());

/** Every action with the connections that it can be done on now and what a form for it has to ask. */
export const proposableActions = (connectors: readonly Connector[]): ProposableAction[] =>
  actions.map((action) => ({
    name: action.name,
    purpose: action.purpose,
    connections: connectors
      .filter((connector) => action.reach(systemsOf(connector)) !== null)
      .map(({ id, name }) => ({ id, name })),
    schema: Schema.parse(z.toJSONSchema(action.input, { io: 'input', unrepresentable: 'any' })),
  }));
