import { hkdfSync } from 'node:crypto'
import { betterAuth } from 'better-auth'
import type { NewId } from '../../lib/ids.ts'
import { hashPassword, verifyPassword } from '../../lib/password-hash.ts'
import type { Db } from '../../store/db.ts'

export type AccountSettings = {
  db: Db
  newId: NewId
  /** Key that cookie signatures are derived from. */
  secretKey: Uint8Array
  /** Whether browsers reach us over https or on this machine, where `Secure` cookies work. */
  isSecureContext: boolean
  sessionHours: number
}

/** What the account library does for us: passwords checked, sessions made, read and ended. */
export type Accounts = ReturnType<typeof createAccounts>

export type ReadSession = {
  sessionId: string
  userId: string
  token: string
  organizationId: string | null
  /** Set-Cookie lines of a renewed session. */
  cookies: string[]
}

/** `__Host-` binds the cookie to this very host and needs Secure, which plain http on another machine cannot have. */
export function sessionCookieName(isSecureContext: boolean): string {
  return isSecureContext ? '__Host-weir' : 'weir'
}

export function createAccounts(settings: AccountSettings) {
  const auth = betterAuth(toOptions(settings))
  return {
    /** Undefined for an unknown address and for a wrong password alike, after the same work. */
    logIn: async (input: { email: string; password: string; ipAddress: string; userAgent: string | undefined }) => {
      const headers = new Headers({ 'x-weir-address': input.ipAddress })
      if (input.userAgent !== undefined) headers.set('user-agent', input.userAgent)
      const body = { email: input.email, password: input.password }
      try {
        const { response, headers: answer } = await auth.api.signInEmail({ body, headers, returnHeaders: true })
        return { userId: response.user.id, token: response.token, cookies: answer.getSetCookie() }
      } catch (error) {
        if (isRefusal(error)) return undefined
        throw error
      }
    },
    /** Undefined without a session that is still good. */
    readSession: async (cookie: string): Promise<ReadSession | undefined> => {
      const headers = new Headers({ cookie })
      const { response, headers: answer } = await auth.api.getSession({ headers, returnHeaders: true })
      if (response === null) return undefined
      const { id, token, userId, activeOrganizationId } = response.session
      return {
        sessionId: id,
        userId,
        token,
        organizationId: activeOrganizationId ?? null,
        cookies: answer.getSetCookie(),
      }
    },
    /** Ends the session of the cookie; answers the Set-Cookie lines that remove it. */
    logOut: async (cookie: string): Promise<string[]> => {
      const { headers } = await auth.api.signOut({ headers: new Headers({ cookie }), returnHeaders: true })
      return headers.getSetCookie()
    },
  }
}

function toOptions({ db, newId, secretKey, isSecureContext, sessionHours }: AccountSettings) {
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' } as const
  const expiresIn = sessionHours * 3600
  const secret = Buffer.from(hkdfSync('sha256', secretKey, '', 'weir session cookie', 32)).toString('base64url')
  return {
    // Never used in a link: the library's own routes are not served.
    baseURL: 'http://localhost',
    secret,
    database: { db, type: 'postgres' as const },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 1,
      password: { hash: async (password: string) => hashPassword(password), verify: verifyPassword },
    },
    user: { modelName: 'auth_user', fields: { emailVerified: 'email_verified', ...times } },
    session: {
      modelName: 'auth_session',
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...times,
      },
      additionalFields: {
        activeOrganizationId: {
          type: 'string' as const,
          required: false,
          input: false,
          fieldName: 'active_organization_id',
        },
      },
      expiresIn,
      updateAge: Math.min(3600, Math.ceil(expiresIn / 10)),
    },
    account: { modelName: 'auth_account', fields: { ...accountFields, ...times } },
    verification: { modelName: 'auth_verification', fields: { expiresAt: 'expires_at', ...times } },
    advanced: {
      useSecureCookies: false,
      ipAddress: { ipAddressHeaders: ['x-weir-address'] },
      database: { generateId: newId },
      cookies: {
        session_token: {
          name: sessionCookieName(isSecureContext),
          attributes: { secure: isSecureContext, httpOnly: true, sameSite: 'lax' as const, path: '/' },
        },
      },
    },
  }
}

const accountFields = {
  userId: 'user_id',
  accountId: 'account_id',
  providerId: 'provider_id',
  accessToken: 'access_token',
  refreshToken: 'refresh_token',
  idToken: 'id_token',
  accessTokenExpiresAt: 'access_token_expires_at',
  refreshTokenExpiresAt: 'refresh_token_expires_at',
} as const

function isRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return false
  return error.statusCode === 400 || error.statusCode === 401
}
