# syntax=docker/dockerfile:1
# Two stages: the first builds the pages and drops what only building needs, the second runs as a plain user.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/build-web.ts && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends git tini ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --uid 10001 weir \
 && mkdir /data && chown weir:weir /data
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV NODE_ENV=production \
    WEIR_SKIP_INSTALL=1 \
    WEIR_HOST=0.0.0.0 \
    WEIR_PORT=8420 \
    WEIR_DATA_FOLDER=/data
USER weir
VOLUME /data
EXPOSE 8420
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.WEIR_PORT||8420)+'/health/ready').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "src/main.ts"]
