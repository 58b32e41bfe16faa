# A small image: the program, certificates and nothing else that runs.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc g++ make cmake perl && rm -rf /var/lib/apt/lists/*
WORKDIR /hezuo
COPY . .
RUN cargo build --release --locked && strip target/release/hezuo

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data hezuo && install -d -o hezuo -g hezuo /data
COPY --from=build /hezuo/target/release/hezuo /usr/local/bin/hezuo
USER hezuo
ENV HEZUO_LISTEN=0.0.0.0:8080 HEZUO_DATA_DIR=/data HEZUO_LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["hezuo", "health"]
ENTRYPOINT ["hezuo"]
CMD ["serve"]
