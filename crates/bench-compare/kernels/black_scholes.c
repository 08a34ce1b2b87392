static inline float normal_cdf(float x) {
    float k = 1.0f / (1.0f + 0.2316419f * fabsf(x));
    float poly = k * (0.31938154f + k * (-0.35656378f + k * (1.7814779f + k * (-1.8212559f + k * 1.3302745f))));
    float tail = 0.3989423f * expf(-0.5f * x * x) * poly;
    return x > 0 ? 1.0f - tail : tail;
}
void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict call = p[0], *restrict put = p[1];
    const float *restrict S = p[2], *restrict K = p[3], *restrict t = p[4];
    const float r = 0.02f, v = 0.3f;
    for (int64_t i = first; i < last; i++) {
        float root = sqrtf(t[i]);
        float d1 = (logf(S[i] / K[i]) + (r + 0.5f * v * v) * t[i]) / (v * root);
        float d2 = d1 - v * root;
        float discount = K[i] * expf(-r * t[i]);
        call[i] = S[i] * normal_cdf(d1) - discount * normal_cdf(d2);
        put[i] = discount * normal_cdf(-d2) - S[i] * normal_cdf(-d1);
    }
}
