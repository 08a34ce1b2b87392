#define T 16
void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict c = p[0];
    const float *restrict a = p[1], *restrict b = p[2];
    int64_t m = n[0];
    for (int64_t gj = first; gj < last; gj++)
        for (int64_t gi = 0; gi < m / T; gi++) {
            float ta[T][T], tb[T][T], acc[T][T] = {{0}};
            for (int64_t t = 0; t < m / T; t++) {
                for (int j = 0; j < T; j++)
                    for (int i = 0; i < T; i++) {
                        ta[j][i] = a[gi * T + i + m * (t * T + j)];
                        tb[j][i] = b[t * T + i + m * (gj * T + j)];
                    }
                for (int j = 0; j < T; j++)
                    for (int i = 0; i < T; i++)
                        for (int k = 0; k < T; k++) acc[j][i] += ta[k][i] * tb[j][k];
            }
            for (int j = 0; j < T; j++)
                for (int i = 0; i < T; i++) c[gi * T + i + m * (gj * T + j)] = acc[j][i];
        }
}
