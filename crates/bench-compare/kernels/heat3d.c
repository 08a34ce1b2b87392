void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict out = p[0];
    const float *restrict u = p[1], *restrict c = p[2];
    int64_t m = n[0], q = m * m;
    for (int64_t k = first; k < last; k++)
        for (int64_t j = 0; j < m; j++)
            for (int64_t i = 0; i < m; i++)
                if (0 < i && i < m - 1 && 0 < j && j < m - 1 && 0 < k && k < m - 1) {
                    int64_t x = i + m * j + q * k;
                    float s = u[x - 1] + u[x + 1] + u[x - m] + u[x + m] + u[x - q] + u[x + q];
                    out[x] = c[x] * (s - 6.0f * u[x]) + u[x];
                }
}
