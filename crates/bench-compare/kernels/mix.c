static inline uint32_t mix(uint32_t h) {
    h ^= h >> 16;
    h *= 0x85ebca6b;
    h ^= h >> 13;
    h *= 0xc2b2ae35;
    return h ^ (h >> 16);
}
void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    uint32_t *restrict out = p[0];
    const uint32_t *restrict x = p[1];
    for (int64_t i = first; i < last; i++) out[i] = mix(mix(x[i]));
}
