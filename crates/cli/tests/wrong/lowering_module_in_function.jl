function f()
    module M
    end
end
