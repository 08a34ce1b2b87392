void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict z = p[0];
    const float *restrict x = p[1], *restrict y = p[2];
    for (int64_t i = first; i < last; i++) {
        float a = x[2 * i], b = x[2 * i + 1], c = y[2 * i], d = y[2 * i + 1];
        z[2 * i] = a * c - b * d;
        z[2 * i + 1] = a * d + b * c;
    }
}
