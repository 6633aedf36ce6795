# The monitor, for docker-compose.yaml.
FROM node:20.19.5-bookworm-slim
WORKDIR /operando
COPY --chown=node:node . .
RUN chown node:node /operando
USER node
RUN node scripts/build.mjs
ENTRYPOINT ["node", "bin/operando.mjs"]
