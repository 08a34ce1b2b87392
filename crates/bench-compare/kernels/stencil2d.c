void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict out = p[0];
    const float *restrict u = p[1];
    int64_t m = n[0];
    for (int64_t j = first; j < last; j++)
        for (int64_t i = 0; i < m; i++)
            if (0 < i && i < m - 1 && 0 < j && j < m - 1)
                out[i + m * j] = 0.1f * (u[i - 1 + m * j] + u[i + 1 + m * j] + u[i + m * (j - 1)] + u[i + m * (j + 1)] - 4.0f * u[i + m * j]) + u[i + m * j];
}
