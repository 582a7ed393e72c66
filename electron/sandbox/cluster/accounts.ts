import { z } from 'zod';
import { ObjectMeta } from './meta.ts';

/** Who there is, and what they may do (rbac.authorization.k8s.io/v1): rules only ever allow. */

export type ServiceAccount = { apiVersion: 'v1'; kind: 'ServiceAccount'; metadata: ObjectMeta };

const names = z.array(z.string());
export const PolicyRule = z.looseObject({
  verbs: names.min(1, { error: 'Required value' }),
  apiGroups: names.optional(),
  resources: names.optional(),
  resourceNames: names.optional(),
  nonResourceURLs: names.optional(),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

const RoleRef = z.looseObject({
  apiGroup: z.literal('rbac.authorization.k8s.io').default('rbac.authorization.k8s.io'),
  kind: z.enum(['ClusterRole', 'Role']),
  name: z.string().min(1, { error: 'Required value' }),
});
const RoleSubject = z.looseObject({
  kind: z.enum(['User', 'Group', 'ServiceAccount']),
  apiGroup: z.string().optional(),
  name: z.string().min(1, { error: 'Required value' }),
  namespace: z.string().optional(),
});
export type RoleSubject = z.infer<typeof RoleSubject>;

const role = <K extends string>(kind: K) =>
  z.looseObject({
    apiVersion: z.literal('rbac.authorization.k8s.io/v1'),
    kind: z.literal(kind),
    metadata: ObjectMeta,
    rules: z.array(PolicyRule).default([]),
  });
const binding = <K extends string>(kind: K) =>
  z.looseObject({
    apiVersion: z.literal('rbac.authorization.k8s.io/v1'),
    kind: z.literal(kind),
    metadata: ObjectMeta,
    subjects: z.array(RoleSubject).default([]),
    roleRef: RoleRef,
  });

export const Role = role('Role');
export type Role = z.infer<typeof Role>;
export const ClusterRole = role('ClusterRole');
export type ClusterRole = z.infer<typeof ClusterRole>;
export const RoleBinding = binding('RoleBinding');
export type RoleBinding = z.infer<typeof RoleBinding>;
export const ClusterRoleBinding = binding('ClusterRoleBinding');
export type ClusterRoleBinding = z.infer<typeof ClusterRoleBinding>;

/** Where the accounts of those who work a drill live. */
export const accountNamespace = 'countersign';

/** Whoever decides in a drill, whoever only looks, and whoever works on the same services beside them. */
export const accountNames = {
  operator: 'countersign',
  reader: 'countersign-reader',
  colleague: 'colleague',
} as const;
