import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import type { OpenAccess } from './access.ts';
import type { ClusterApi } from './cluster-api.ts';

/** The account that writes, which the reading credential may ask for a token of. */
export type WriterAccount = { serviceAccount: string; namespace: string };

/** The shortest that the API allows (https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/). */
const SECONDS = 600;

const Minted = z.object({
  kind: z.literal('TokenRequest'),
  status: z.object({ token: z.string().min(16).max(16_384) }),
});

/**
 * A token of the writing account, asked for with the reading credential. INVARIANT: whoever gets it hands it to nobody but
 * the connection it opens, and nothing here keeps it.
 */
export async function mintToken(
  reader: ClusterApi,
  { serviceAccount, namespace }: WriterAccount,
  signal: AbortSignal,
): Promise<string> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(serviceAccount)}/token`;
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: SECONDS },
  };
  try {
    return (await reader.ask(Minted, path, body, signal)).status.token;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // The reply is no cause to pass on: it may hold the token in a place where it was not expected.
    throw new Failure(
      error.code,
      `No token of ${namespace}/${serviceAccount} was given to write with. ${error.message}`,
    );
  }
}

/** The same server, with another credential: certificates of the reader would speak for the reader, and stay out. */
export const withToken =
  (access: () => Promise<OpenAccess>, token: string) => async (): Promise<OpenAccess> => {
    const { server, refuses, credentials } = await access();
    return {
      server,
      refuses,
      async credentials() {
        const { ca, servername, rejectUnauthorized } = (await credentials()).tls;
        return {
          headers: { authorization: `Bearer ${token}` },
          tls: {
            ...(ca === undefined ? {} : { ca }),
            ...(servername === undefined ? {} : { servername }),
            ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
          },
        };
      },
    };
  };
