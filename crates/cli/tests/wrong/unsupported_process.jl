run(`ls`)
