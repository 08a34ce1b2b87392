void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict ax = p[0], *restrict ay = p[1], *restrict az = p[2];
    const float *restrict x = p[3], *restrict y = p[4], *restrict z = p[5], *restrict m = p[6];
    int64_t count = n[0];
    for (int64_t i = first; i < last; i++) {
        float sx = 0, sy = 0, sz = 0;
        for (int64_t j = 0; j < count; j++) {
            float dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
            float r2 = dx * dx + (dy * dy + (dz * dz + 0.01f));
            float w = m[j] / (r2 * sqrtf(r2));
            sx += w * dx;
            sy += w * dy;
            sz += w * dz;
        }
        ax[i] = sx;
        ay[i] = sy;
        az[i] = sz;
    }
}
